//! Lists that mostly hold a single item, which is then kept in place: most elements of a policy list one value.

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::slice;

/// A list that takes no memory of its own as long as there is one item in it.
#[derive(Clone)]
pub struct List<T>(Items<T>);

#[derive(Clone)]
enum Items<T> {
    One(T),
    Many(Vec<T>),
}

impl<T> List<T> {
    /// A list of one.
    pub fn one(item: T) -> Self {
        Self(Items::One(item))
    }

    /// Adds an item at the end.
    pub fn push(&mut self, item: T) {
        match &mut self.0 {
            Items::Many(items) => items.push(item),
            Items::One(_) => {
                let mut items: Vec<T> = std::mem::take(self).into();
                items.push(item);
                self.0 = Items::Many(items);
            }
        }
    }
}

impl<T> Default for List<T> {
    fn default() -> Self {
        Self(Items::Many(Vec::new()))
    }
}

impl<T> From<Vec<T>> for List<T> {
    fn from(items: Vec<T>) -> Self {
        Self(Items::Many(items))
    }
}

impl<T> From<List<T>> for Vec<T> {
    fn from(list: List<T>) -> Self {
        match list.0 {
            Items::One(item) => vec![item],
            Items::Many(items) => items,
        }
    }
}

impl<T> Deref for List<T> {
    type Target = [T];

    #[inline]
    fn deref(&self) -> &[T] {
        match &self.0 {
            Items::One(item) => slice::from_ref(item),
            Items::Many(items) => items,
        }
    }
}

impl<T> DerefMut for List<T> {
    fn deref_mut(&mut self) -> &mut [T] {
        match &mut self.0 {
            Items::One(item) => slice::from_mut(item),
            Items::Many(items) => items,
        }
    }
}

impl<'l, T> IntoIterator for &'l List<T> {
    type Item = &'l T;
    type IntoIter = slice::Iter<'l, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<T: fmt::Debug> fmt::Debug for List<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

impl<T: PartialEq> PartialEq for List<T> {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl<T: Eq> Eq for List<T> {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_one_is_the_same_however_it_is_kept() {
        assert_eq!(List::one(1), List::from(vec![1]));
        assert_ne!(List::one(1), List::from(vec![1, 2]));
        assert!(List::<u8>::default().is_empty());
    }

    #[test]
    fn what_is_pushed_comes_last() {
        let mut list = List::default();
        for item in 1..4 {
            list.push(item);
        }
        assert_eq!(*list, [1, 2, 3]);
        let mut list = List::one(1);
        list.push(2);
        assert_eq!(Vec::from(list), [1, 2]);
    }
}
