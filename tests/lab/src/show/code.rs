//! The lines of an experiment that ran.

/// The source of an experiment, as it was when the laboratory was built.
#[derive(Clone, Copy, Debug)]
pub struct Source {
    /// Where it is, from the root of the workspace.
    pub path: &'static str,
    pub(crate) text: &'static str,
}

/// The source of the experiment in whose file it stands; `$file` is the name of that file.
macro_rules! source {
    ($file:literal) => {
        $crate::show::code::Source {
            path: concat!("tests/lab/src/show/experiments/", $file),
            text: include_str!($file),
        }
    };
}

impl Source {
    /// The lines that ran, each with its number in the file: all behind the experiment's
    /// description.
    pub fn lines(&self) -> Vec<(usize, &'static str)> {
        let numbered = (1..).zip(self.text.lines());
        numbered
            .skip_while(|(_, line)| !line.contains("const EXPERIMENT"))
            .skip_while(|(_, line)| *line != "};")
            .skip(1)
            .skip_while(|(_, line)| line.is_empty())
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use crate::show::experiments::ALL;

    #[test]
    fn the_lines_are_those_of_the_file_that_is_named() {
        for experiment in ALL {
            let path = format!("{}/../../{}", env!("CARGO_MANIFEST_DIR"), experiment.source.path);
            let file = fs::read_to_string(&path).unwrap();
            assert!(path.contains(&experiment.name.replace('-', "_")), "{path}");
            let lines = experiment.source.lines();
            for (number, line) in &lines {
                assert_eq!(file.lines().nth(number - 1), Some(*line), "{path}:{number}");
            }
            let run = lines.iter().filter(|(_, line)| line.starts_with("fn run(")).count();
            assert_eq!(run, 1, "{path}");
            let text = lines.iter().map(|(_, line)| *line).collect::<Vec<_>>().join("\n");
            assert!(!text.contains("EXPERIMENT") && text.contains("report."), "{path}");
            // Where the file ends, the lines end.
            assert_eq!(
                lines.last().map(|(number, _)| *number),
                Some(file.lines().count()),
                "{path}"
            );
        }
    }
}
