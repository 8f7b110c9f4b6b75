//! A URL as a picture that a telephone reads (ISO/IEC 18004).

use qrcodegen::{QrCode, QrCodeEcc};

/// Light fields around it, without which it is not found.
const MARGIN: i32 = 2;

/// The picture in lines of half blocks, two fields high each; nothing for a text that is too long.
///
/// On a terminal it is black on white, whatever colours that has. Elsewhere blocks are its light
/// fields, as on a dark screen.
pub(crate) fn picture(text: &str, is_terminal: bool) -> Option<String> {
    let code = QrCode::encode_text(text, QrCodeEcc::Low).ok()?;
    let range = -MARGIN..code.size() + MARGIN;
    let (begin, end) = if is_terminal { ("\x1b[97;40m", "\x1b[0m") } else { ("", "") };
    let mut picture = String::new();
    for y in range.clone().step_by(2) {
        picture.push_str(begin);
        for x in range.clone() {
            // Outside of it all is light.
            picture.push(match (code.get_module(x, y), code.get_module(x, y + 1)) {
                (false, false) => '█',
                (false, true) => '▀',
                (true, false) => '▄',
                (true, true) => ' ',
            });
        }
        picture.push_str(end);
        picture.push('\n');
    }
    Some(picture)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_square_with_a_light_margin_and_three_corners() {
        let picture = picture("http://192.0.2.7:8080/", false).unwrap();
        let lines: Vec<Vec<char>> = picture.lines().map(|line| line.chars().collect()).collect();
        let width = lines[0].len();
        assert!(lines.iter().all(|line| line.len() == width) && lines.len() == width.div_ceil(2));
        assert!(lines[0].iter().all(|field| *field == '█'), "{picture}");
        assert!(lines.iter().all(|line| line[..2] == ['█'; 2] && line[width - 2..] == ['█'; 2]));
        // The upper edge of a corner is seven dark fields, in which two lines share a row.
        let dark =
            |line: usize, at: usize| lines[line][at..at + 7].iter().filter(|f| **f != '█').count();
        assert!(dark(1, 2) == 7 && dark(1, width - 9) == 7, "{picture}");
    }

    #[test]
    fn what_is_too_long_for_a_picture_has_none() {
        assert_eq!(picture(&"x".repeat(5000), false), None);
    }
}
