//! Base64 in its standard alphabet, with Go's tolerance: line breaks are skipped, bits left over at the
//! end are not looked at, padding is required.

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

pub(in crate::eval) fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3).saturating_mul(4));
    for chunk in bytes.chunks(3) {
        let byte = |index: usize| u32::from(chunk.get(index).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for place in 0..4 {
            if place > chunk.len() {
                text.push('=');
                continue;
            }
            let index = (bits >> (18 - 6 * place)) & 63;
            text.push(char::from(ALPHABET[index as usize]));
        }
    }
    text
}

/// The bytes, or the offset that Go names of what is wrong.
pub(in crate::eval) fn decode(text: &str) -> Result<Vec<u8>, usize> {
    let text = text.as_bytes();
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let mut at = 0;
    loop {
        let mut bits = 0_u32;
        let mut count = 0;
        while count < 4 {
            let Some((offset, letter)) = next(text, &mut at) else {
                return match count {
                    0 => Ok(bytes),
                    _ => Err(at - count),
                };
            };
            match value(letter) {
                Some(value) => {
                    bits = bits << 6 | value;
                    count += 1;
                }
                None if letter == b'=' && count >= 2 => {
                    if count == 2 {
                        match next(text, &mut at) {
                            Some((_, b'=')) => {}
                            Some((offset, _)) => return Err(offset - 1),
                            None => return Err(text.len()),
                        }
                    }
                    bits <<= 6 * (4 - count);
                    let [_, first, second, _] = bits.to_be_bytes();
                    bytes.push(first);
                    if count == 3 {
                        bytes.push(second);
                    }
                    return match next(text, &mut at) {
                        Some((offset, _)) => Err(offset),
                        None => Ok(bytes),
                    };
                }
                None => return Err(offset),
            }
        }
        let [_, first, second, third] = bits.to_be_bytes();
        bytes.extend([first, second, third]);
    }
}

/// The next letter that is no line break, and its offset.
fn next(text: &[u8], at: &mut usize) -> Option<(usize, u8)> {
    loop {
        let offset = *at;
        let letter = *text.get(offset)?;
        *at += 1;
        if letter != b'\n' && letter != b'\r' {
            return Some((offset, letter));
        }
    }
}

fn value(letter: u8) -> Option<u32> {
    Some(match letter {
        b'A'..=b'Z' => u32::from(letter - b'A'),
        b'a'..=b'z' => u32::from(letter - b'a') + 26,
        b'0'..=b'9' => u32::from(letter - b'0') + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    })
}
