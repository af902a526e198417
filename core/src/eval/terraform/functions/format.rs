//! `format` and `formatlist`: Terraform's verbs, which are nearly those of Go.

use super::format_number::{Layout, float, integer, shortest};
use super::json_encode;
use super::operands::{big_integer, is_printable, text};
use super::output::{Output, Pieces};
use super::table::{Call, Function, any, string};
use crate::eval::error::EvalError;
use crate::eval::terraform::conversion::convert;
use crate::eval::terraform::types::Type;
use crate::eval::value::{Kind, Value};
use unicode_segmentation::UnicodeSegmentation;

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("format", &[string("format")], format)
        .with_rest(any("args").or_null())
        .looking_inside()
        .handling_unknown()
        .giving_scalar(),
    Function::new("formatlist", &[string("format")], formatlist)
        .with_rest(any("args").or_null())
        .looking_inside()
        .handling_unknown(),
];

/// Why there is no text.
enum Stop {
    Limit,
    /// It hangs on an unknown argument in a way that no pieces can tell.
    Unknown,
    Refused(String),
    /// The argument at this position, from zero, is refused.
    Argument(usize, String),
}

fn format(arguments: &[Value], call: &Call<'_>) -> Result<Value, EvalError> {
    let Some((pattern, arguments)) = arguments.split_first() else {
        return Ok(call.unknown());
    };
    let Some(pattern) = pattern.as_str() else {
        return Ok(call.unknown());
    };
    let arguments: Vec<&Value> = arguments.iter().collect();
    match formatted(pattern, &arguments, call) {
        Ok(value) => value,
        // Terraform looks at the verbs only once all arguments are known.
        Err(_) if !arguments.iter().all(|argument| argument.is_wholly_known()) => Ok(call.unknown()),
        Err(Stop::Limit | Stop::Unknown) => Ok(call.limit()),
        Err(Stop::Refused(message)) => Err(call.error(message)),
        Err(Stop::Argument(index, message)) => Err(call.argument_error(index.saturating_add(1), message)),
    }
}

fn formatlist(arguments: &[Value], call: &Call<'_>) -> Result<Value, EvalError> {
    let pattern = match arguments.first() {
        Some(Value {
            kind: Kind::Unknown(_),
            ..
        }) => return Ok(call.unknown()),
        _ => text(arguments, 0, call)?,
    };
    let arguments = arguments.get(1..).unwrap_or(&[]);
    let mut length = None;
    for (index, argument) in arguments.iter().enumerate() {
        match (argument.elements(), length) {
            (Some(elements), None) => length = Some((elements.len(), index + 1)),
            (Some(elements), Some((expected, other))) if elements.len() != expected => {
                let message = format!(
                    "argument {} has length {}, which is inconsistent with argument {other} of length {expected}",
                    index + 1,
                    elements.len(),
                );
                return Err(call.argument_error(index + 1, message));
            }
            _ => {}
        }
    }
    if arguments
        .iter()
        .any(|argument| matches!(argument.kind, Kind::Unknown(_)))
    {
        return Ok(call.unknown());
    }
    let length = length.map_or(1, |(length, _)| length);
    if !call.afford(length) {
        return Ok(call.limit());
    }
    let mut results = Vec::with_capacity(length);
    for index in 0..length {
        let row: Vec<&Value> = arguments
            .iter()
            .map(|argument| {
                argument
                    .elements()
                    .and_then(|elements| elements.get(index))
                    .unwrap_or(argument)
            })
            .collect();
        let known = row.iter().all(|argument| argument.is_wholly_known());
        results.push(match formatted(pattern, &row, call) {
            Ok(value) => value?,
            Err(_) if !known => call.unknown(),
            Err(Stop::Limit | Stop::Unknown) => return Ok(call.limit()),
            Err(Stop::Refused(message)) if arguments.is_empty() => return Err(call.error(message)),
            Err(Stop::Refused(message) | Stop::Argument(_, message)) => {
                return Err(call.error(format!("error on format iteration {index}: {message}")));
            }
        });
    }
    Ok(call.value(Kind::List(results.into())))
}

fn formatted(pattern: &str, arguments: &[&Value], call: &Call<'_>) -> Result<Result<Value, EvalError>, Stop> {
    let mut pieces = Pieces::new(call);
    let mut next = 1;
    let mut highest = 0;
    let mut rest = pattern;
    while let Some(start) = rest.find('%') {
        pieces.known().push(&rest[..start]).ok_or(Stop::Limit)?;
        let offset = pattern.len() - rest.len() + start;
        rest = &rest[start..];
        if let Some(after) = rest.strip_prefix("%%") {
            pieces.known().push("%").ok_or(Stop::Limit)?;
            rest = after;
            continue;
        }
        let verb = Verb::parse(pattern, offset, next)?;
        highest = highest.max(verb.argument);
        next = verb.argument.saturating_add(1);
        rest = &pattern[offset + verb.raw.len()..];
        append(&verb, arguments, &mut pieces)?;
    }
    pieces.known().push(rest).ok_or(Stop::Limit)?;
    if highest < arguments.len() {
        let message = match highest {
            0 => "too many arguments; no verbs in format string".to_owned(),
            highest => format!("too many arguments; only {highest} used by format string"),
        };
        return Err(Stop::Argument(highest, message));
    }
    Ok(pieces.finished(Some(()), call))
}

struct Verb<'a> {
    raw: &'a str,
    /// Where it starts in the format, in bytes.
    offset: usize,
    /// From one.
    argument: usize,
    mode: char,
    layout: Layout,
}

impl<'a> Verb<'a> {
    /// The verb at a percent sign; flags, width, precision, index and letter follow it in this order.
    fn parse(pattern: &'a str, offset: usize, next: usize) -> Result<Self, Stop> {
        let mut layout = Layout::default();
        let mut argument = next;
        let mut at = offset + 1;
        let peek = |at: usize| pattern.get(at..).and_then(|rest| rest.chars().next());
        let number = |at: &mut usize| {
            let start = *at;
            while peek(*at).is_some_and(|letter| letter.is_ascii_digit()) {
                *at += 1;
            }
            // A number that does not fit is larger than any limit.
            pattern[start..*at].parse::<usize>().unwrap_or(usize::MAX)
        };
        loop {
            match peek(at) {
                Some('0') => layout.zero = true,
                Some('#') => layout.sharp = true,
                Some('-') => layout.minus = true,
                Some('+') => layout.plus = true,
                Some(' ') => layout.space = true,
                _ => break,
            }
            at += 1;
        }
        if matches!(peek(at), Some('1'..='9')) {
            layout.width = Some(number(&mut at));
        }
        if peek(at) == Some('.') {
            at += 1;
            layout.precision = Some(match peek(at) {
                Some('0'..='9') => number(&mut at),
                _ => 0,
            });
        }
        if peek(at) == Some('[') {
            at += 1;
            argument = match peek(at) {
                Some('1'..='9') => number(&mut at),
                other => return Err(unexpected(other, at)),
            };
            match peek(at) {
                Some(']') => at += 1,
                other => return Err(unexpected(other, at)),
            }
        }
        match peek(at) {
            Some(mode) if mode.is_ascii_alphabetic() => Ok(Verb {
                raw: &pattern[offset..=at],
                offset,
                argument,
                mode,
                layout,
            }),
            other => Err(unexpected(other, at)),
        }
    }

    /// An unknown argument can stand here as a piece of the text.
    fn is_plain(&self) -> bool {
        matches!(self.mode, 's' | 'v' | 'd') && self.layout == Layout::default()
    }

    fn refuse(&self, message: impl std::fmt::Display) -> Stop {
        Stop::Refused(format!(
            "unsupported value for \"{}\" at {}: {message}",
            self.raw, self.offset
        ))
    }
}

fn unexpected(letter: Option<char>, at: usize) -> Stop {
    Stop::Refused(match letter {
        Some(letter) => format!("unrecognized format character '{letter}' at offset {at}"),
        None => format!("invalid format string starting at offset {at}"),
    })
}

fn append(verb: &Verb<'_>, arguments: &[&Value], pieces: &mut Pieces) -> Result<(), Stop> {
    let index = verb.argument.checked_sub(1);
    let Some(argument) = index.and_then(|index| arguments.get(index)) else {
        return Err(Stop::Refused(format!(
            "not enough arguments for \"{}\" at {}: need index {} but have {} total",
            verb.raw,
            verb.offset,
            verb.argument,
            arguments.len()
        )));
    };
    if let Kind::Unknown(unknown) = &argument.kind {
        return match verb.is_plain() {
            true => pieces.unknown(unknown).ok_or(Stop::Limit),
            false => Err(Stop::Unknown),
        };
    }
    if verb.mode != 'v' && argument.is_null() {
        return Err(verb.refuse("null value cannot be formatted"));
    }
    let converted = |to: Type| convert(argument, &to).map_err(|message| verb.refuse(message));
    let output = pieces.known();
    let done = match verb.mode {
        'v' => as_is(verb, argument, output),
        't' => match converted(Type::Bool)?.kind {
            Kind::Bool(true) => output.push("true"),
            _ => output.push("false"),
        },
        'b' | 'd' | 'o' | 'x' | 'X' | 'e' | 'E' | 'f' | 'g' | 'G' => {
            let number = converted(Type::Number)?;
            let Kind::Number(number) = &number.kind else {
                return Err(Stop::Limit);
            };
            if !is_printable(number) {
                return Err(Stop::Limit);
            }
            if matches!(verb.mode, 'e' | 'E' | 'f' | 'g' | 'G') {
                float(number, verb.mode, verb.layout, output)
            } else if number.is_integer() {
                let number = big_integer(number).ok_or(Stop::Limit)?;
                integer(&number, verb.mode, verb.layout, output)
            } else {
                return Err(verb.refuse("an integer is required"));
            }
        }
        's' | 'q' => {
            let text = converted(Type::String)?;
            let text = shortened(text.as_str().unwrap_or(""), verb.layout.precision);
            match verb.mode {
                's' => padded(text, verb.layout, output),
                _ => {
                    let mut quoted = Output::new_beside(output);
                    json_encode::write_string(text, &mut quoted)
                        .and_then(|()| padded(quoted.text(), verb.layout, output))
                }
            }
        }
        mode => {
            return Err(Stop::Refused(format!(
                "unsupported format verb '{mode}' in \"{}\" at offset {}",
                verb.raw, verb.offset
            )));
        }
    };
    done.ok_or(Stop::Limit)
}

/// `%v`: strings and numbers in their own way, all else and `%#v` as JSON.
fn as_is(verb: &Verb<'_>, argument: &Value, output: &mut Output) -> Option<()> {
    match &argument.kind {
        Kind::String(text) if !verb.layout.sharp => padded(text, verb.layout, output),
        Kind::Number(number) if !verb.layout.sharp => {
            let number = is_printable(number).then(|| shortest(number))?;
            padded(&number, verb.layout, output)
        }
        _ => {
            let mut json = Output::new_beside(output);
            json_encode::write(argument, &mut json)?;
            padded(json.text(), verb.layout, output)
        }
    }
}

/// At most so many characters as a reader sees them; a precision of zero is none.
fn shortened(text: &str, precision: Option<usize>) -> &str {
    match precision {
        None | Some(0) => text,
        Some(precision) => text
            .grapheme_indices(true)
            .nth(precision)
            .map_or(text, |(end, _)| &text[..end]),
    }
}

fn padded(text: &str, layout: Layout, output: &mut Output) -> Option<()> {
    let missing = match layout.width {
        None => 0,
        Some(width) => width.saturating_sub(text.graphemes(true).count()),
    };
    let padding = if layout.zero { '0' } else { ' ' };
    if layout.minus {
        output.push(text)?;
        output.repeat(padding, missing)
    } else {
        output.repeat(padding, missing)?;
        output.push(text)
    }
}
