//! What stands behind the `?` of a request.

use axum::http::Uri;

/// The value of a name, as it stands there: nothing that is asked for here has escapes.
pub(crate) fn value<'a>(uri: &'a Uri, name: &str) -> Option<&'a str> {
    let pairs = uri.query()?.split('&').filter_map(|pair| pair.split_once('='));
    pairs.filter(|(key, _)| *key == name).map(|(_, value)| value).next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_value_of_a_name_counts() {
        let uri: Uri = "/?a=1&token=x-_Y&token=z&b".parse().unwrap();
        assert_eq!((value(&uri, "token"), value(&uri, "b")), (Some("x-_Y"), None));
        assert_eq!(value(&"/".parse().unwrap(), "token"), None);
    }
}
