//! `csvdecode`: comma-separated values as RFC 4180 has them, with the complaints of Go's reader.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use super::encoding::quoted;
use super::operands::text;
use super::table::{Call, Function, string};
use crate::eval::error::EvalError;
use crate::eval::value::{Entries, Kind, Value};

pub(super) const FUNCTIONS: &[Function] = &[Function::new("csvdecode", &[string("str")], csvdecode)];

fn csvdecode(arguments: &[Value], call: &Call<'_>) -> Result<Value, EvalError> {
    let text = text(arguments, 0, call)?;
    let mut reader = Reader {
        rest: text,
        line: 0,
        first_line: 0,
    };
    let Some(headers) = reader.record(call)? else {
        return Err(call.error("missing header line"));
    };
    let mut seen = HashSet::new();
    if let Some(repeated) = headers.iter().find(|name| !seen.insert(name.as_str())) {
        return Err(call.error(format!("duplicate column name {}", quoted(repeated))));
    }
    let names: Vec<Arc<str>> = headers.into_iter().map(Arc::from).collect();
    let from = call.from();
    let mut rows = Vec::new();
    if !call.context.budget.spend_text(text.len()) {
        return Ok(call.limit());
    }
    while let Some(fields) = reader.record(call)? {
        if fields.len() != names.len() {
            let line = reader.first_line;
            return Err(call.error(format!("CSV parse error on line {line}: wrong number of fields")));
        }
        if !call.afford(1 + fields.len()) {
            return Ok(call.limit());
        }
        let members: BTreeMap<Arc<str>, Value> = names
            .iter()
            .cloned()
            .zip(fields.into_iter().map(|field| Value::string(field, from.clone())))
            .collect();
        let entries = Entries { members, open: None };
        rows.push(Value::new(Kind::Object(Arc::new(entries)), from.clone()));
    }
    Ok(Value::new(Kind::List(rows.into()), from))
}

struct Reader<'a> {
    rest: &'a str,
    /// Lines read so far.
    line: usize,
    /// The line on which the last record starts.
    first_line: usize,
}

impl<'a> Reader<'a> {
    /// The next line, its break as a line feed.
    fn next_line(&mut self) -> Option<&'a str> {
        if self.rest.is_empty() {
            return None;
        }
        let end = self.rest.find('\n').map_or(self.rest.len(), |end| end + 1);
        let (line, rest) = self.rest.split_at(end);
        self.rest = rest;
        self.line += 1;
        Some(line)
    }

    /// The fields of the next record; empty lines between records are skipped.
    fn record(&mut self, call: &Call<'_>) -> Result<Option<Vec<String>>, EvalError> {
        let mut line = loop {
            match self.next_line() {
                None => return Ok(None),
                Some("\n" | "\r\n") => {}
                Some(line) => break line,
            }
        };
        self.first_line = self.line;
        let refuse = |line: usize, problem: &str| {
            Err(call.error(format!("CSV parse error on line {line}: {problem}")))
        };
        let mut fields = Vec::new();
        loop {
            let Some(mut inside) = line.strip_prefix('"') else {
                let (field, rest) = match line.split_once(',') {
                    Some((field, rest)) => (field, Some(rest)),
                    None => (without_break(line), None),
                };
                if field.contains('"') {
                    return refuse(self.line, "bare \" in non-quoted-field");
                }
                fields.push(field.to_owned());
                match rest {
                    Some(rest) => line = rest,
                    None => return Ok(Some(fields)),
                }
                continue;
            };
            let mut field = String::new();
            line = loop {
                if let Some((before, after)) = inside.split_once('"') {
                    field.push_str(before);
                    if let Some(after) = after.strip_prefix('"') {
                        field.push('"');
                        inside = after;
                        continue;
                    }
                    if let Some(rest) = after.strip_prefix(',') {
                        break rest;
                    }
                    if without_break(after).is_empty() {
                        fields.push(field);
                        return Ok(Some(fields));
                    }
                    return refuse(self.line, "extraneous or missing \" in quoted-field");
                }
                field.push_str(without_break(inside));
                if inside.ends_with('\n') {
                    field.push('\n');
                }
                match self.next_line() {
                    Some(next) => inside = next,
                    None => return refuse(self.line, "extraneous or missing \" in quoted-field"),
                }
            };
            fields.push(field);
        }
    }
}

fn without_break(line: &str) -> &str {
    let line = line.strip_suffix('\n').unwrap_or(line);
    line.strip_suffix('\r').unwrap_or(line)
}
