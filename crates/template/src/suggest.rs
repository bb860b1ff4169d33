//! "Did you mean …": the known name that is nearest to a mistyped one.

/// The nearest name, when it is near enough to be meant.
pub(crate) fn closest<'n>(name: &str, known: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    // Names are short. What is long is no typing mistake, and must not cost quadratic time.
    if name.len() > 40 {
        return None;
    }
    let limit = 1 + name.chars().count() / 4;
    known
        .map(|candidate| (distance(name, candidate), candidate))
        .filter(|(distance, _)| *distance <= limit)
        .min()
        .map(|(_, candidate)| candidate)
}

/// The edit distance; two neighbours in the wrong order count once.
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    let mut last = None;
    for (i, a) in left.chars().enumerate() {
        let mut next = vec![i + 1];
        for (j, b) in right.iter().enumerate() {
            let mut best = (row[j] + usize::from(a != *b))
                .min(row[j + 1] + 1)
                .min(next[j] + 1);
            if j > 0 && last == Some(*b) && right[j - 1] == a && i > 0 {
                best = best.min(before[j - 1] + 1);
            }
            next.push(best);
        }
        before = std::mem::replace(&mut row, next);
        last = Some(a);
    }
    row[right.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_suggested() {
        let known = ["for", "if", "endif", "with"];
        assert_eq!(closest("edif", known.into_iter()), Some("endif"));
        assert_eq!(closest("wiht", known.into_iter()), Some("with"));
        assert_eq!(closest("zzzz", known.into_iter()), None);
    }
}
