//! Two lists of lines, side by side.

/// The lines of both in order: `  ` in both, `- ` only in `shown`, `+ ` only in `seen`.
pub(super) fn diff(shown: &[String], seen: &[String]) -> String {
    // common[i][j]: how many lines `shown[i..]` and `seen[j..]` have in common, in order.
    let mut common = vec![vec![0; seen.len() + 1]; shown.len() + 1];
    for i in (0..shown.len()).rev() {
        for j in (0..seen.len()).rev() {
            common[i][j] = match shown[i] == seen[j] {
                true => common[i + 1][j + 1] + 1,
                false => common[i + 1][j].max(common[i][j + 1]),
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut result = String::new();
    while i < shown.len() || j < seen.len() {
        let line = if i < shown.len() && j < seen.len() && shown[i] == seen[j] {
            (i, j) = (i + 1, j + 1);
            format!("  {}\n", shown[i - 1])
        } else if i < shown.len() && (j == seen.len() || common[i + 1][j] >= common[i][j + 1]) {
            i += 1;
            format!("- {}\n", shown[i - 1])
        } else {
            j += 1;
            format!("+ {}\n", seen[j - 1])
        };
        result += &line;
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_is_marked_and_what_does_not_is_not() {
        let lines = |text: &str| text.chars().map(String::from).collect::<Vec<_>>();
        assert_eq!(diff(&lines("abcd"), &lines("axcde")), "  a\n- b\n+ x\n  c\n  d\n+ e\n");
        assert_eq!(diff(&[], &lines("a")), "+ a\n");
        assert_eq!(diff(&lines("a"), &[]), "- a\n");
    }
}
