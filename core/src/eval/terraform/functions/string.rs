//! The functions on strings that need neither a pattern nor a format.

use std::collections::HashSet;

use unicode_segmentation::UnicodeSegmentation;

use super::operands::{sensible, text, whole};
use super::output::{Output, Pieces, finished};
use super::table::{Call, Function, Parameter, Takes, number, string};
use crate::eval::error::EvalError;
use crate::eval::value::{Kind, Value};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("chomp", &[string("str")], chomp).giving_scalar(),
    Function::new("endswith", &[string("str"), string("suffix")], endswith).giving_scalar(),
    Function::new("indent", &[number("spaces"), string("str")], indent).giving_scalar(),
    Function::new("join", &[string("separator")], join)
        .with_rest(Parameter::new("lists", Takes::Strings))
        .looking_inside()
        .handling_unknown()
        .giving_scalar(),
    Function::new("lower", &[string("str")], lower).giving_scalar(),
    Function::new("split", &[string("separator"), string("str")], split),
    Function::new("startswith", &[string("str"), string("prefix")], startswith).giving_scalar(),
    Function::new("strcontains", &[string("str"), string("substr")], strcontains).giving_scalar(),
    Function::new("strrev", &[string("str")], strrev).giving_scalar(),
    Function::new(
        "substr",
        &[string("str"), number("offset"), number("length")],
        substr,
    )
    .giving_scalar(),
    Function::new("title", &[string("str")], title).giving_scalar(),
    Function::new("trim", &[string("str"), string("cutset")], trim).giving_scalar(),
    Function::new("trimprefix", &[string("str"), string("prefix")], trimprefix).giving_scalar(),
    Function::new("trimspace", &[string("str")], trimspace).giving_scalar(),
    Function::new("trimsuffix", &[string("str"), string("suffix")], trimsuffix).giving_scalar(),
    Function::new("upper", &[string("str")], upper).giving_scalar(),
];

fn chomp(arguments: &[Value], call: &Call<'_>) -> Result<Value, EvalError> {
    call.string(text(arguments, 0, call)?.trim_end_matches(['\r', '\n']))
}

fn endswith(arguments: &[Value], call: &Call<'_>) -> Result<Value, EvalError> {
    call.bool(text(arguments, 0, call)?.ends_with(text(arguments, 1, call)?))
}

fn startswith(arguments: &[Value], call: &Call<'_>) -> Result<Value, EvalError> {
    call.bool(text(arguments, 0, call)?.starts_with(text(arguments, 1, call)?))
}

fn strcontains(arguments: &[Value], call: &Call<'_>) -> Result<Value, EvalError> {
    call.bool(text(arguments, 0, call)?.contains(text(arguments, 1, call)?))
}

fn indent(arguments: &[Value], call: &Call<'_>) -> Result<Value, EvalError> {
    let spaces = whole(arguments, 0, call)?;
    let text = text(arguments, 1, call)?;
    if spaces < 0 {
        return Err(call.error("panic in function implementation: strings: negative Repeat count"));
    }
    let Some(spaces) = sensible(spaces) else {
        return Ok(call.limit());
    };
    let mut output = Output::new(call);
    let complete = indented(text, spaces, &mut output);
    finished(output, complete, call)
}

fn indented(text: &str, spaces: usize, output: &mut Output) -> Option<()> {
    for (number, line) in text.split('\n').enumerate() {
        if number > 0 {
            output.push_char('\n')?;
            output.repeat(' ', spaces)?;
        }
        output.push(line)?;
    }
    Some(())
}

/// An unknown element leaves a text whose other parts are known; an unknown list leaves nothing.
fn join(arguments: &[Value], call: &Call<'_>) -> Result<Value, EvalError> {
    let Some((separator, lists)) = arguments.split_first() else {
        return Err(call.error("at least one list is required"));
    };
    if lists.is_empty() {
        return Err(call.error("at least one list is required"));
    }
    let Some(separator) = separator.as_str() else {
        return Ok(call.unknown());
    };
    let mut parts = Vec::new();
    for (position, list) in lists.iter().enumerate() {
        let Some(elements) = list.elements() else {
            return Ok(call.unknown());
        };
        for (index, element) in elements.iter().enumerate() {
            if element.is_null() {
                let list = match lists.len() {
                    1 => String::new(),
                    _ => format!(" of list {}", position + 1),
                };
                let message = format!("element {index}{list} is null; cannot concatenate null values");
                return Err(call.argument_error(position + 1, message));
            }
            parts.push(element);
        }
    }
    if !call.afford(parts.len()) {
        return Ok(call.limit());
    }
    let mut pieces = Pieces::new(call);
    for (index, part) in parts.into_iter().enumerate() {
        let separator = if index == 0 { "" } else { separator };
        let mut complete = pieces.known().push(separator);
        complete = complete.and_then(|()| match &part.kind {
            Kind::String(text) => pieces.known().push(text),
            Kind::Unknown(unknown) => pieces.unknown(unknown),
            _ => None,
        });
        if complete.is_none() {
            return Ok(call.limit());
        }
    }
    pieces.finished(Some(()), call)
}

fn split(arguments: &[Value], call: &Call<'_>) -> Result<Value, EvalError> {
    let (separator, text) = (text(arguments, 0, call)?, text(arguments, 1, call)?);
    let parts: Vec<&str> = match separator {
        "" => text
            .char_indices()
            .map(|(at, letter)| &text[at..at + letter.len_utf8()])
            .collect(),
        separator => text.split(separator).collect(),
    };
    if !call.afford(parts.len()) || !call.context.budget.spend_text(text.len()) {
        return Ok(call.limit());
    }
    let from = call.from();
    let parts: Vec<Value> = parts
        .into_iter()
        .map(|part| Value::string(part, from.clone()))
        .collect();
    Ok(Value::new(Kind::List(parts.into()), from))
}

/// Upper or lower case of one letter where that is one letter: Terraform knows no `ß` to `SS`.
fn cased(letter: char, mut cased: impl Iterator<Item = char>) -> char {
    match (cased.next(), cased.next()) {
        (Some(only), None) => only,
        _ => letter,
    }
}

fn lower(arguments: &[Value], call: &Call<'_>) -> Result<Value, EvalError> {
    let letters = text(arguments, 0, call)?.chars().map(|letter| match letter {
        'İ' => 'i',
        letter => cased(letter, letter.to_lowercase()),
    });
    call.string(letters.collect::<String>())
}

fn upper(arguments: &[Value], call: &Call<'_>) -> Result<Value, EvalError> {
    let letters = text(arguments, 0, call)?.chars();
    call.string(
        letters
            .map(|letter| cased(letter, letter.to_uppercase()))
            .collect::<String>(),
    )
}

fn title(arguments: &[Value], call: &Call<'_>) -> Result<Value, EvalError> {
    let mut previous = ' ';
    let letters = text(arguments, 0, call)?.chars().map(|letter| {
        let first = is_separator(previous);
        previous = letter;
        match letter {
            'Ǆ' | 'ǅ' | 'ǆ' if first => 'ǅ',
            'Ǉ' | 'ǈ' | 'ǉ' if first => 'ǈ',
            'Ǌ' | 'ǋ' | 'ǌ' if first => 'ǋ',
            'Ǳ' | 'ǲ' | 'ǳ' if first => 'ǲ',
            _ if first => cased(letter, letter.to_uppercase()),
            _ => letter,
        }
    });
    call.string(letters.collect::<String>())
}

/// Letters, digits and underscores make words; beyond ASCII only space separates them.
fn is_separator(letter: char) -> bool {
    if letter.is_ascii() {
        !(letter.is_ascii_alphanumeric() || letter == '_')
    } else {
        letter.is_whitespace()
    }
}

fn strrev(arguments: &[Value], call: &Call<'_>) -> Result<Value, EvalError> {
    let clusters = text(arguments, 0, call)?.graphemes(true).rev();
    call.string(clusters.collect::<String>())
}

fn substr(arguments: &[Value], call: &Call<'_>) -> Result<Value, EvalError> {
    let text = text(arguments, 0, call)?;
    let mut offset = whole(arguments, 1, call)?;
    let length = whole(arguments, 2, call)?;
    if offset < 0 {
        let total = i64::try_from(text.graphemes(true).count()).unwrap_or(i64::MAX);
        offset = offset.saturating_add(total);
    } else if length == 0 {
        return call.string("");
    }
    let skipped = usize::try_from(offset).unwrap_or(0);
    let rest = text
        .grapheme_indices(true)
        .nth(skipped)
        .map_or("", |(start, _)| &text[start..]);
    // After a negative offset Terraform takes a length of zero for the rest as well.
    let taken = match usize::try_from(length) {
        Ok(0) | Err(_) => rest,
        Ok(length) => rest
            .grapheme_indices(true)
            .nth(length)
            .map_or(rest, |(end, _)| &rest[..end]),
    };
    call.string(taken)
}

fn trim(arguments: &[Value], call: &Call<'_>) -> Result<Value, EvalError> {
    let cut: HashSet<char> = text(arguments, 1, call)?.chars().collect();
    call.string(text(arguments, 0, call)?.trim_matches(|letter| cut.contains(&letter)))
}

fn trimprefix(arguments: &[Value], call: &Call<'_>) -> Result<Value, EvalError> {
    let (text, prefix) = (text(arguments, 0, call)?, text(arguments, 1, call)?);
    call.string(text.strip_prefix(prefix).unwrap_or(text))
}

fn trimspace(arguments: &[Value], call: &Call<'_>) -> Result<Value, EvalError> {
    call.string(text(arguments, 0, call)?.trim())
}

fn trimsuffix(arguments: &[Value], call: &Call<'_>) -> Result<Value, EvalError> {
    let (text, suffix) = (text(arguments, 0, call)?, text(arguments, 1, call)?);
    call.string(text.strip_suffix(suffix).unwrap_or(text))
}
