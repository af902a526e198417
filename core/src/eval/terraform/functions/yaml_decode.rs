//! `yamldecode`: one YAML document as a value, with the scalars of YAML 1.1 that Terraform knows.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use saphyr_parser::{Event, Parser, ScalarStyle, Span, StrInput, Tag};

use super::operands::text;
use super::table::{Call, Function, string};
use super::yaml_scalar::{Scalar, resolve};
use crate::eval::error::EvalError;
use crate::eval::provenance::Provenance;
use crate::eval::terraform::conversion::convert;
use crate::eval::terraform::types::Type;
use crate::eval::value::{Entries, Kind, Value};

pub(super) const FUNCTIONS: &[Function] = &[Function::new("yamldecode", &[string("src")], yamldecode)];

/// Deeper documents are not read.
const DEPTH: usize = 100;

enum Stop {
    Limit,
    /// Terraform reads it, but the value cannot be told here.
    Unsupported,
    Refused(String),
}

fn yamldecode(arguments: &[Value], call: &Call<'_>) -> Result<Value, EvalError> {
    let text = text(arguments, 0, call)?;
    if !call.context.budget.spend_text(text.len()) {
        return Ok(call.limit());
    }
    let mut decoder = Decoder {
        parser: Parser::new_from_str(text),
        text,
        anchors: HashMap::new(),
        from: call.from(),
        call,
    };
    match decoder.document() {
        Ok(value) => Ok(value),
        Err(Stop::Limit) => Ok(call.limit()),
        Err(Stop::Unsupported) => Ok(super::encoding::unsupported(call)),
        Err(Stop::Refused(message)) => Err(call.error(message)),
    }
}

struct Decoder<'a> {
    parser: Parser<'a, StrInput<'a>>,
    text: &'a str,
    /// What an anchor stands for and how many values that is; nothing while it is being read.
    anchors: HashMap<usize, Option<(Value, usize)>>,
    from: Provenance,
    call: &'a Call<'a>,
}

/// A message with its place, which Terraform names from the second line on.
fn refused<T>(span: Span, message: impl std::fmt::Display) -> Result<T, Stop> {
    let (line, column) = (span.start.line().saturating_sub(1), span.start.col() + 1);
    Err(Stop::Refused(match line {
        0 => message.to_string(),
        line => format!("on line {line}, column {column}: {message}"),
    }))
}

/// What the parser misses, without what it was about to read.
fn problem(info: &str) -> String {
    let missing = match info.strip_prefix("while ") {
        Some(info) => info.split_once(", ").map_or(info, |(_, missing)| missing),
        None => info,
    };
    match missing.starts_with("expected ") {
        true => format!("did not find {missing}"),
        false => missing.to_owned(),
    }
}

fn tag_text(tag: Option<&Tag>) -> String {
    match tag {
        Some(tag) if tag.handle == "!" && tag.suffix.is_empty() => String::new(),
        Some(tag) => format!("{}{}", tag.handle, tag.suffix),
        None => String::new(),
    }
}

/// What Terraform calls the type of a value in its messages.
fn type_name(value: &Value) -> &'static str {
    match &value.kind {
        Kind::Object(_) => "object",
        Kind::Tuple(_) => "tuple",
        Kind::String(_) => "string",
        Kind::Number(_) => "number",
        Kind::Bool(_) => "bool",
        _ => "dynamic",
    }
}

impl<'a> Decoder<'a> {
    fn next(&mut self) -> Result<(Event<'a>, Span), Stop> {
        match self.parser.next_event() {
            Some(Ok(event)) => Ok(event),
            Some(Err(error)) => refused(Span::empty(*error.marker()), problem(error.info())),
            None => Err(Stop::Refused(
                "expecting value but found end of stream".to_owned(),
            )),
        }
    }

    fn document(&mut self) -> Result<Value, Stop> {
        self.next()?;
        let (start, _) = self.next()?;
        if !matches!(start, Event::DocumentStart(_)) {
            return Err(Stop::Refused(
                "on line 1, column 1: missing start of document".to_owned(),
            ));
        }
        let (event, span) = self.next()?;
        let (value, _) = self.value(event, span, 0)?;
        self.next()?;
        let (end, span) = self.next()?;
        match end {
            Event::StreamEnd => Ok(value),
            _ => refused(span, "unexpected extra content after value"),
        }
    }

    fn make(&self, kind: Kind) -> Result<Value, Stop> {
        match self.call.afford(1) {
            true => Ok(Value::new(kind, self.from.clone())),
            false => Err(Stop::Limit),
        }
    }

    /// The value that starts with an event, and of how many values it consists.
    fn value(&mut self, event: Event<'a>, span: Span, depth: usize) -> Result<(Value, usize), Stop> {
        if depth > DEPTH {
            return Err(Stop::Limit);
        }
        let (anchor, value) = match event {
            Event::Scalar(text, style, anchor, tag) => {
                (anchor, (self.scalar(&text, style, tag.as_deref(), span)?, 1))
            }
            Event::SequenceStart(anchor, tag) => {
                self.check_tag(tag.as_deref(), "seq", "sequence", span)?;
                self.anchors.insert(anchor, None);
                (anchor, self.sequence(depth)?)
            }
            Event::MappingStart(anchor, tag) => {
                self.check_tag(tag.as_deref(), "map", "mapping", span)?;
                self.anchors.insert(anchor, None);
                (anchor, self.mapping(depth)?)
            }
            Event::Alias(anchor) => return self.alias(anchor, span),
            _ => return refused(span, "unexpected parser event"),
        };
        if anchor > 0 {
            self.anchors.insert(anchor, Some(value.clone()));
        }
        Ok(value)
    }

    fn check_tag(&self, tag: Option<&Tag>, expected: &str, what: &str, span: Span) -> Result<(), Stop> {
        let tag = tag_text(tag);
        match tag.is_empty() || tag == format!("tag:yaml.org,2002:{expected}") {
            true => Ok(()),
            false => refused(span, format!("can't interpret {what} as {tag}")),
        }
    }

    fn scalar(&self, text: &str, style: ScalarStyle, tag: Option<&Tag>, span: Span) -> Result<Value, Stop> {
        let tag = tag_text(tag);
        let quoted = matches!(style, ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted);
        let kind = match resolve(&tag, text, quoted) {
            Ok(Scalar::Plain(kind)) => kind,
            Ok(Scalar::Unsupported) => return Err(Stop::Unsupported),
            Err(message) => return refused(span, message),
        };
        let value = self.make(kind)?;
        // Block text is text, but Terraform reads it as a plain scalar first.
        if tag.is_empty() && matches!(style, ScalarStyle::Literal | ScalarStyle::Folded) {
            return convert(&value, &Type::String).map_err(Stop::Refused);
        }
        Ok(value)
    }

    fn sequence(&mut self, depth: usize) -> Result<(Value, usize), Stop> {
        let mut elements = Vec::new();
        let mut size = 1;
        loop {
            let (event, span) = self.next()?;
            if event == Event::SequenceEnd {
                return Ok((self.make(Kind::Tuple(elements.into()))?, size));
            }
            let (element, count) = self.value(event, span, depth + 1)?;
            size += count;
            elements.push(element);
        }
    }

    fn mapping(&mut self, depth: usize) -> Result<(Value, usize), Stop> {
        let mut members: BTreeMap<Arc<str>, Value> = BTreeMap::new();
        let mut size = 1;
        loop {
            let (event, span) = self.next()?;
            let (text, style, tag) = match event {
                Event::MappingEnd => break,
                Event::Scalar(text, style, _, tag) => (text, style, tag),
                _ => return refused(span, "only strings are allowed as mapping keys"),
            };
            let key_tag = tag_text(tag.as_deref());
            let merges = key_tag == "tag:yaml.org,2002:merge" || (key_tag.is_empty() && text == "<<");
            let key = if merges {
                None
            } else {
                Some(self.key(&text, style, tag.as_deref(), span)?)
            };
            let (event, value_span) = self.next()?;
            let (value, count) = self.value(event, value_span, depth + 1)?;
            size += count;
            match key {
                Some(key) => {
                    members.insert(key, value);
                }
                None => match &value.kind {
                    Kind::Object(entries) => members.extend(entries.members.clone()),
                    // Terraform's check of the types refuses lists of mappings that its reader would take.
                    _ => return refused(span, format!("cannot merge {} into mapping", type_name(&value))),
                },
            }
        }
        let entries = Entries { members, open: None };
        Ok((self.make(Kind::Object(Arc::new(entries)))?, size))
    }

    fn key(&self, text: &str, style: ScalarStyle, tag: Option<&Tag>, span: Span) -> Result<Arc<str>, Stop> {
        let key = self.scalar(text, style, tag, Span::default())?;
        if key.is_null() {
            return refused(span, "mapping key cannot be null");
        }
        let key = convert(&key, &Type::String);
        match key.ok().as_ref().and_then(Value::as_str) {
            Some(key) => Ok(key.into()),
            None => refused(span, "only strings are allowed as mapping keys"),
        }
    }

    /// An alias costs as much as what it stands for, so that a few lines cannot become a huge value.
    fn alias(&self, anchor: usize, span: Span) -> Result<(Value, usize), Stop> {
        match self.anchors.get(&anchor) {
            Some(Some((value, size))) if self.call.afford(*size) => Ok((value.clone(), *size)),
            Some(Some(_)) => Err(Stop::Limit),
            Some(None) | None => {
                let name: String = self
                    .text
                    .chars()
                    .skip(span.start.index() + 1)
                    .take_while(|letter| letter.is_alphanumeric() || matches!(letter, '_' | '-'))
                    .collect();
                refused(
                    span,
                    format!("cannot refer to anchor \"{name}\" from inside its own definition"),
                )
            }
        }
    }
}
