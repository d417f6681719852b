//! A limit to the work that a check puts into one policy.

/// Work left. The limits are such that a policy of any size AWS takes is judged in full, and one of a megabyte in
/// part, within a second.
pub(crate) struct Effort {
    left: usize,
}

impl Effort {
    pub(crate) fn new(units: usize) -> Self {
        Self { left: units }
    }

    /// For what is little work anyway.
    pub(crate) fn unlimited() -> Self {
        Self { left: usize::MAX }
    }

    /// Takes some of what is left; false when it does not suffice, and from then on.
    pub(crate) fn spend(&mut self, units: usize) -> bool {
        let left = self.left.checked_sub(units);
        self.left = left.unwrap_or(0);
        left.is_some()
    }
}
