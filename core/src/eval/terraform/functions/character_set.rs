//! Character sets by their IANA names.

use encoding_rs as sets;

/// How a character set is converted.
#[derive(Clone, Copy)]
pub(super) enum Set {
    Ascii,
    Latin1,
    Utf8,
    /// Big-endian with a byte order mark; read in the order that the mark says.
    Utf16,
    Utf16Big,
    Utf16Little,
    Other(&'static sets::Encoding),
}

pub(super) enum CharacterSet {
    /// With the name in messages.
    Known(Set, &'static str),
    /// Terraform knows it, akslint does not.
    Unsupported,
    Unheard,
}

/// Names in lower case, the set, and its first name at IANA.
const NAMES: &[(&[&str], Set, &str)] = &[
    (
        &[
            "us-ascii",
            "ascii",
            "iso646-us",
            "us",
            "iso_646.irv:1991",
            "ansi_x3.4-1968",
            "cp367",
            "ibm367",
        ],
        Set::Ascii,
        "US-ASCII",
    ),
    (
        &[
            "iso-8859-1",
            "iso_8859-1",
            "iso_8859-1:1987",
            "latin1",
            "l1",
            "ibm819",
            "cp819",
            "iso-ir-100",
        ],
        Set::Latin1,
        "ISO_8859-1:1987",
    ),
    (&["utf-8"], Set::Utf8, "UTF-8"),
    (&["utf-16"], Set::Utf16, "UTF-16"),
    (&["utf-16be"], Set::Utf16Big, "UTF-16BE"),
    (&["utf-16le"], Set::Utf16Little, "UTF-16LE"),
    (
        &["iso-8859-2", "iso_8859-2", "latin2", "l2"],
        Set::Other(sets::ISO_8859_2),
        "ISO_8859-2:1987",
    ),
    (
        &["iso-8859-3", "iso_8859-3", "latin3", "l3"],
        Set::Other(sets::ISO_8859_3),
        "ISO_8859-3:1988",
    ),
    (
        &["iso-8859-4", "iso_8859-4", "latin4", "l4"],
        Set::Other(sets::ISO_8859_4),
        "ISO_8859-4:1988",
    ),
    (
        &["iso-8859-5", "iso_8859-5", "cyrillic"],
        Set::Other(sets::ISO_8859_5),
        "ISO_8859-5:1988",
    ),
    (
        &["iso-8859-7", "iso_8859-7", "greek"],
        Set::Other(sets::ISO_8859_7),
        "ISO_8859-7:1987",
    ),
    (
        &["iso-8859-15", "iso_8859-15", "latin-9"],
        Set::Other(sets::ISO_8859_15),
        "ISO-8859-15",
    ),
    (
        &["windows-1250", "cswindows1250"],
        Set::Other(sets::WINDOWS_1250),
        "windows-1250",
    ),
    (
        &["windows-1251", "cswindows1251"],
        Set::Other(sets::WINDOWS_1251),
        "windows-1251",
    ),
    (
        &["windows-1252", "cswindows1252"],
        Set::Other(sets::WINDOWS_1252),
        "windows-1252",
    ),
    (
        &["windows-1253", "cswindows1253"],
        Set::Other(sets::WINDOWS_1253),
        "windows-1253",
    ),
    (
        &["windows-1254", "cswindows1254"],
        Set::Other(sets::WINDOWS_1254),
        "windows-1254",
    ),
    (
        &["windows-1257", "cswindows1257"],
        Set::Other(sets::WINDOWS_1257),
        "windows-1257",
    ),
    (&["koi8-r", "cskoi8r"], Set::Other(sets::KOI8_R), "KOI8-R"),
    (&["koi8-u", "cskoi8u"], Set::Other(sets::KOI8_U), "KOI8-U"),
    (
        &["shift_jis", "ms_kanji", "csshiftjis"],
        Set::Other(sets::SHIFT_JIS),
        "Shift_JIS",
    ),
    (
        &["euc-jp", "cseucpkdfmtjapanese"],
        Set::Other(sets::EUC_JP),
        "EUC-JP",
    ),
    (&["euc-kr", "cseuckr"], Set::Other(sets::EUC_KR), "EUC-KR"),
    (
        &["gbk", "cp936", "ms936", "windows-936"],
        Set::Other(sets::GBK),
        "GBK",
    ),
    (&["gb18030", "csgb18030"], Set::Other(sets::GB18030), "GB18030"),
    (&["big5", "csbig5"], Set::Other(sets::BIG5), "Big5"),
    (&["ibm866", "cp866", "866"], Set::Other(sets::IBM866), "IBM866"),
    (&["macintosh", "mac"], Set::Other(sets::MACINTOSH), "macintosh"),
];

/// Beginnings of names that Terraform may know besides.
const OTHER: &[&str] = &[
    "ibm", "cp", "iso", "windows-", "hz-", "ebcdic", "cs", "latin", "x-",
];

pub(super) fn character_set(name: &str) -> CharacterSet {
    let lower = name.to_ascii_lowercase();
    for (names, set, first) in NAMES {
        if names.contains(&lower.as_str()) {
            return CharacterSet::Known(*set, first);
        }
    }
    match OTHER.iter().any(|other| lower.starts_with(other)) {
        true => CharacterSet::Unsupported,
        false => CharacterSet::Unheard,
    }
}

impl Set {
    /// `None` when a character has no code.
    pub(super) fn encode(self, text: &str) -> Option<Vec<u8>> {
        let big = |text: &str| {
            text.encode_utf16()
                .flat_map(u16::to_be_bytes)
                .collect::<Vec<u8>>()
        };
        match self {
            Set::Ascii => text.is_ascii().then(|| text.as_bytes().to_vec()),
            Set::Latin1 => text.chars().map(|letter| u8::try_from(letter).ok()).collect(),
            Set::Utf8 => Some(text.as_bytes().to_vec()),
            Set::Utf16 if text.is_empty() => Some(Vec::new()),
            Set::Utf16 => Some(big(&format!("\u{feff}{text}"))),
            Set::Utf16Big => Some(big(text)),
            Set::Utf16Little => Some(text.encode_utf16().flat_map(u16::to_le_bytes).collect()),
            Set::Other(_) if text.contains(is_upper_control) => None,
            Set::Other(encoding) => {
                let (bytes, _, lossy) = encoding.encode(text);
                (!lossy).then(|| bytes.into_owned())
            }
        }
    }

    /// `None` when a byte stands for no character.
    pub(super) fn decode(self, bytes: &[u8]) -> Option<String> {
        match self {
            Set::Ascii => bytes
                .is_ascii()
                .then(|| bytes.iter().map(|byte| char::from(*byte)).collect()),
            Set::Latin1 => Some(bytes.iter().map(|byte| char::from(*byte)).collect()),
            Set::Utf8 => String::from_utf8(bytes.to_vec()).ok(),
            Set::Utf16 => match bytes {
                [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
                [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes),
                bytes => utf16(bytes, u16::from_be_bytes),
            },
            Set::Utf16Big => utf16(bytes, u16::from_be_bytes),
            Set::Utf16Little => utf16(bytes, u16::from_le_bytes),
            Set::Other(encoding) => encoding
                .decode_without_bom_handling_and_without_replacement(bytes)
                .filter(|text| !text.contains(is_upper_control))
                .map(std::borrow::Cow::into_owned),
        }
    }
}

/// Browsers give bytes without a character these; Terraform gives them nothing.
fn is_upper_control(letter: char) -> bool {
    ('\u{80}'..='\u{9f}').contains(&letter)
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Option<String> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    if !rest.is_empty() {
        return None;
    }
    char::decode_utf16(pairs.iter().map(|pair| unit(*pair)))
        .collect::<Result<String, _>>()
        .ok()
}
