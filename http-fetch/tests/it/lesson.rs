//! What the lesson shows is what its files hold.

use std::fs;
use std::path::Path;

/// Every listing in Rust is a piece of an example, line for line.
#[test]
fn the_listings_of_the_lesson_are_pieces_of_its_examples() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let read =
        |path: &Path| fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let examples: Vec<String> =
        fs::read_dir(folder.join("examples")).unwrap().map(|entry| read(&entry.unwrap().path())).collect();
    for readme in ["README.md", "README.zh-CN.md"] {
        let text = read(&folder.join(readme));
        let listings: Vec<&str> =
            text.split("```rust\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
        assert_eq!(listings.len(), examples.len(), "{readme}");
        for listing in listings {
            assert!(examples.iter().any(|example| example.contains(listing)), "{readme}:\n{listing}");
        }
    }
}
