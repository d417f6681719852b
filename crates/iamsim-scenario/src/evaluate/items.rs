//! A YAML list that cannot be read as a whole, item by item.

/// An item of a list.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Item<'t> {
    pub(super) text: &'t str,
    /// How many lines stand before it.
    pub(super) lines_before: u32,
}

/// The items of a block list that begins at the margin, each as a text by itself; none when the text is no such list.
///
/// Nothing but an item of that list begins with a dash at the margin, so that whatever is wrong with one item is over
/// where the next begins. What an anchor in one item names the others do not have.
pub(super) fn of(text: &str) -> Vec<Item<'_>> {
    let mut items: Vec<(usize, u32)> = Vec::new();
    let mut at = 0;
    for (number, line) in (0..).zip(text.split_inclusive('\n')) {
        let begins_item = line.strip_prefix('-').is_some_and(|rest| rest.starts_with([' ', '\n', '\r']));
        let may_stand_before =
            line.trim().is_empty() || line.starts_with(['#', '%']) || line.starts_with("---");
        if begins_item {
            items.push((at, number));
        } else if items.is_empty() && !may_stand_before {
            return Vec::new();
        }
        at += line.len();
    }
    let ends = items.iter().skip(1).map(|(start, _)| *start).chain([text.len()]);
    let item = |(&(start, lines_before), end): (&(usize, u32), usize)| Item {
        text: text.get(start..end).unwrap_or_default(),
        lines_before,
    };
    items.iter().zip(ends).map(item).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[(&str, u32)]) {
        let expected: Vec<_> =
            expected.iter().map(|&(text, lines_before)| Item { text, lines_before }).collect();
        assert_eq!(of(text), expected);
    }

    #[test]
    fn an_item_ends_where_the_next_begins() {
        check("- a: 1\n  b: [\n- c\n", &[("- a: 1\n  b: [\n", 0), ("- c\n", 2)]);
        check("# two\n---\n\n-\n  a\n- - b\n  - c", &[("-\n  a\n", 3), ("- - b\n  - c", 5)]);
    }

    #[test]
    fn what_is_no_list_at_the_margin_has_no_items() {
        check("a:\n- b\n", &[]);
        check("[\n- b\n", &[]);
        check(" - a\n - b\n", &[]);
        check("-1\n", &[]);
        check("", &[]);
    }
}
