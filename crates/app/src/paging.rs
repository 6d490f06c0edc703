//! Pages of lists that continue after a key: one row more than asked for tells whether there is another page.

/// How many rows to read for a page.
pub(crate) fn rows(limit: usize) -> i64 {
    i64::try_from(limit.saturating_add(1)).unwrap_or(i64::MAX)
}

/// Cuts what was read to the page and answers the key of the next one, if there is one.
pub(crate) fn cut<T, K>(mut read: Vec<T>, limit: usize, key: impl Fn(&T) -> K) -> (Vec<T>, Option<K>) {
    let more = read.len() > limit;
    read.truncate(limit);
    let next = read.last().filter(|_| more).map(key);
    (read, next)
}

#[cfg(test)]
mod tests {
    use super::{cut, rows};

    #[test]
    fn a_further_row_means_a_further_page() {
        assert_eq!(rows(2), 3);
        assert_eq!(cut(vec![7, 8, 9], 2, |one| *one), (vec![7, 8], Some(8)));
        assert_eq!(cut(vec![7, 8], 2, |one| *one), (vec![7, 8], None));
        assert_eq!(cut(Vec::<i32>::new(), 2, |one| *one), (vec![], None));
    }
}
