//! The word that somebody probably meant.

/// The known word nearest to `word`, case aside; `None` when nothing is near enough to suggest.
/// Of equally near ones, the first.
pub fn nearest<'k>(word: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    // A stranger's word may be long; nothing known is near such a word, and distance is quadratic.
    if word.len() > 128 {
        return None;
    }
    let word = word.to_ascii_lowercase();
    // One slip in a short word, about one in three letters of a longer one.
    let slips_max = (word.chars().count() / 3).clamp(1, 4);
    let near = known.into_iter().filter_map(|candidate| {
        // The lengths differ by no more than the distance; most candidates end here.
        if candidate.len().abs_diff(word.len()) > slips_max {
            return None;
        }
        let slips = strsim::damerau_levenshtein(&word, &candidate.to_ascii_lowercase());
        (slips <= slips_max).then_some((slips, candidate))
    });
    near.min_by_key(|(slips, _)| *slips).map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_found_and_strangers_are_not() {
        let known = ["Action", "NotAction", "Resource", "Sid"];
        assert_eq!(nearest("Actions", known), Some("Action"));
        assert_eq!(nearest("resuorce", known), Some("Resource"));
        assert_eq!(nearest("SID", known), Some("Sid"));
        assert_eq!(nearest("Comment", known), None);
        assert_eq!(nearest("", known), None);
        assert_eq!(nearest(&"Action".repeat(100), known), None);
    }
}
