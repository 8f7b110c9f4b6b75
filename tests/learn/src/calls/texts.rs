//! Bytes, texts and numbers.

use super::Call;

pub(super) const CALLS: &[Call] = &[
    Call(
        "ValueError",
        "ValueError",
        [
            "the Err of parse() and from_utf8()",
            "the end pointer of strtod, and a look at the text before",
            "the err of strconv.ParseFloat, and utf8.Valid(data)",
            "NumberFormatException; for text new String(bytes, UTF_8) does not raise",
            "Number.isNaN(Number(text)); for text new TextDecoder(\"utf-8\", { fatal: true })",
        ],
    ),
    Call(
        "incrementaldecoder",
        "incremental decoder",
        [
            "keep the bytes behind std::str::from_utf8(&kept) error's valid_up_to() while its error_len() is None",
            "keep up to three bytes at the end that begin a character (11xxxxxx) and are not whole",
            "keep bytes while !utf8.FullRune(rest)",
            "new InputStreamReader(client.getInputStream(), UTF_8) keeps them",
            "decoder.decode(data, { stream: true }) of a new TextDecoder(\"utf-8\", { ignoreBOM: true })",
        ],
    ),
    Call(
        "errors='replace'",
        "errors='replace'",
        [
            "String::from_utf8_lossy(bytes)",
            "send and show the bytes as they are",
            "strings.ToValidUTF8(string(bytes), \"\\uFFFD\")",
            "new String(bytes, UTF_8) does so",
            "data.toString() does so",
        ],
    ),
    Call(
        "in buffer",
        "lines",
        [
            "BufReader::new(client).read_until(b'\\n', &mut line)",
            "memchr(buffer, '\\n', count)",
            "bufio.NewReader(client).ReadBytes('\\n')",
            "read byte by byte into a ByteArrayOutputStream until '\\n'",
            "while ((at = buffer.indexOf(10)) >= 0) { line = buffer.subarray(0, at); buffer = buffer.subarray(at + 1); … }",
        ],
    ),
    Call(
        "startswith(",
        "startswith",
        [
            "data.starts_with(prefix)",
            "count >= sizeof PREFIX - 1 && memcmp(data, PREFIX, sizeof PREFIX - 1) == 0",
            "bytes.HasPrefix(data, prefix); of text strings.HasPrefix",
            "text.startsWith(prefix); of bytes Arrays.mismatch",
            "text.startsWith(prefix); of bytes data.subarray(0, prefix.length).equals(prefix)",
        ],
    ),
    Call(
        "partition(",
        "partition",
        [
            "line.split_once(':')",
            "char *colon = memchr(line, ':', length)",
            "name, value, found := strings.Cut(line, \":\")",
            "int colon = line.indexOf(':')",
            "const colon = line.indexOf(\":\")",
        ],
    ),
    Call(
        "latin-1",
        "latin-1",
        [
            "look at the bytes as they are",
            "look at the bytes as they are",
            "string(bytes) keeps them as they are",
            "new String(bytes, ISO_8859_1)",
            "data.toString(\"latin1\")",
        ],
    ),
    Call(
        "isdigit",
        "isdigit",
        [
            "byte.is_ascii_digit()",
            "byte >= '0' && byte <= '9'",
            "byte >= '0' && byte <= '9'",
            "byte >= '0' && byte <= '9'",
            "/^[0-9]+$/.test(text)",
        ],
    ),
    Call(
        "isprintable",
        "isprintable",
        [
            "!letter.is_control()",
            "byte >= 0x20 && byte != 0x7f",
            "unicode.IsPrint(letter)",
            "!Character.isISOControl(letter)",
            "!/\\p{C}/u.test(letter)",
        ],
    ),
    Call(
        "isalnum",
        "isalnum",
        [
            "letter.is_alphanumeric()",
            "isalnum(byte) || byte >= 0x80, once the bytes are known to be UTF-8 letters",
            "unicode.IsLetter(letter) || unicode.IsDigit(letter)",
            "Character.isLetterOrDigit(letter)",
            "/^[\\p{L}\\p{N}_-]+$/u.test(name)",
        ],
    ),
    Call(
        "casefold",
        "casefold",
        [
            "name.to_lowercase()",
            "strcasecmp(one, other)",
            "strings.EqualFold(one, other)",
            "one.equalsIgnoreCase(other)",
            "name.toLowerCase()",
        ],
    ),
    Call(
        "NFKC",
        "NFKC",
        [
            "std has no table of it: refuse '\\u{300}'..='\\u{36f}' (accents of their own) and '\\u{ff01}'..='\\u{ff5e}' (full-width)",
            "there is no table of it: refuse the bytes cc and cd (accents of their own), and ef bc and ef bd (full-width)",
            "the standard library has no table of it: refuse '\\u0300' to '\\u036f' (accents of their own) and '\\uff01' to '\\uff5e' (full-width)",
            "java.text.Normalizer.normalize(name, Normalizer.Form.NFKC)",
            "name.normalize(\"NFKC\")",
        ],
    ),
    Call(
        "fullmatch",
        "fullmatch",
        [
            "look at each character of the text yourself",
            "regexec with ^(…)$, or look at each character",
            "regexp.MustCompile(`^(…)$`).MatchString(text)",
            "text.matches(\"…\")",
            "/^(…)$/.test(text)",
        ],
    ),
    Call(
        "unquote(",
        "unquote",
        [
            "by hand: at each % two digits with u8::from_str_radix(digits, 16)",
            "by hand: at each % two digits with strtoul(digits, &end, 16)",
            "url.PathUnescape(name)",
            "URLDecoder.decode(name.replace(\"+\", \"%2B\"), UTF_8)",
            "decodeURIComponent(name), which raises URIError",
        ],
    ),
    Call(
        "struct.",
        "struct",
        [
            "u32::to_be_bytes, from_be_bytes (le: the least significant first)",
            "htonl, ntohl, memcpy (`<i` is the other order)",
            "binary.BigEndian.PutUint32, Uint32 (LittleEndian for `<i`)",
            "ByteBuffer.allocate(4).putInt(…), with order(LITTLE_ENDIAN) for `<i`",
            "buffer.writeUInt32BE, readUInt32BE (writeInt32LE for `<i`)",
        ],
    ),
    Call(
        "isfinite",
        "isfinite",
        [
            "number.is_finite()",
            "isfinite(number)",
            "!math.IsInf(number, 0) && !math.IsNaN(number)",
            "Double.isFinite(number)",
            "Number.isFinite(number)",
        ],
    ),
    Call(
        "float(",
        "float",
        [
            "text.parse::<f64>()",
            "strtod(text, &end)",
            "strconv.ParseFloat(text, 64)",
            "Double.parseDouble(text)",
            "Number(text)",
        ],
    ),
    Call(
        "round(",
        "round",
        [
            "(number * 100.0).round_ties_even() / 100.0",
            "nearbyint(number * 100) / 100",
            "math.RoundToEven(number*100) / 100",
            "Math.rint(number * 100) / 100",
            "Math.round(number * 100) / 100",
        ],
    ),
    Call(
        "int(line.split",
        "int(…, 16)",
        [
            "usize::from_str_radix(text, 16)",
            "strtoul(text, &end, 16)",
            "strconv.ParseUint(text, 16, 31)",
            "Integer.parseInt(text, 16)",
            "parseInt(text, 16), once /^[0-9a-f]+$/i.test(text)",
        ],
    ),
    Call(
        "time.ctime(",
        "time.ctime",
        [
            "std knows no calendar: weekday and date by hand from UNIX_EPOCH.elapsed() (in UTC, which is right here)",
            "time_t now = time(NULL); strftime(text, sizeof text, \"%a %b %e %H:%M:%S %Y\", localtime(&now))",
            "time.Now().Format(time.ANSIC)",
            "DateTimeFormatter.ofPattern(\"EEE MMM ppd HH:mm:ss yyyy\", Locale.US).format(LocalDateTime.now())",
            "by hand from new Date(): toDateString(), toTimeString(); the day of the month in two columns, before the time",
        ],
    ),
];
