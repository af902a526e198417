//! Text to trees: what stands between the quotes of a JSON string of a template.

use std::sync::Arc;

use super::decode::Decoded;
use super::expression::{Access, Call, Expression, ExpressionKind, Index};
use crate::source::FileId;
use crate::syntax::SyntaxError;

/// The tree of one text. What does not follow the grammar is [`ExpressionKind::Broken`] in it.
#[derive(Debug, Clone)]
pub struct Parsed {
    pub expression: Expression,
    /// At most one: whatever follows a mistake may be its consequence.
    pub errors: Vec<SyntaxError>,
}

/// A tree never has more levels than this: everything that walks one may rely on it.
pub const MAXIMUM_DEPTH: usize = 64;

/// Reads the text between the quotes of a JSON string, whose escapes are not yet resolved, at the offset
/// `start` in the file. Never fails.
pub fn parse(file: FileId, raw: &str, start: usize) -> Parsed {
    let decoded = Decoded::new(file, raw, start);
    let text = decoded.text.as_str();
    let whole = decoded.span(0, text.len());
    let plain = |text: &str| Parsed {
        expression: Expression::new(ExpressionKind::Text(text.into()), whole),
        errors: Vec::new(),
    };
    let Some(inside) = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')) else {
        return plain(text);
    };
    // Two brackets at the start mean one, and no expression.
    if inside.starts_with('[') {
        return plain(&text[1..]);
    }
    let mut parser = Parser {
        decoded: &decoded,
        text: &text[..text.len() - 1],
        position: 1,
        error: None,
    };
    let expression = match parser.whole() {
        Some(tree) => tree.expression,
        None => Expression::new(ExpressionKind::Broken, whole),
    };
    Parsed {
        expression,
        errors: parser.error.into_iter().collect(),
    }
}

struct Parser<'a> {
    decoded: &'a Decoded,
    /// Without the closing bracket.
    text: &'a str,
    position: usize,
    /// The first mistake.
    error: Option<SyntaxError>,
}

/// A part of the tree and its number of levels.
struct Tree {
    expression: Expression,
    height: usize,
    start: usize,
}

impl<'a> Parser<'a> {
    fn whole(&mut self) -> Option<Tree> {
        let tree = self.expression(0)?;
        self.skip_space();
        if self.position < self.text.len() {
            return self.unexpected("the end of the expression");
        }
        Some(tree)
    }

    /// An expression inside so many others. None when it is broken, which is noted.
    fn expression(&mut self, depth: usize) -> Option<Tree> {
        self.skip_space();
        if depth >= MAXIMUM_DEPTH {
            return self.too_deep();
        }
        let mut tree = self.primary(depth)?;
        loop {
            self.skip_space();
            let next = match self.peek() {
                Some('.') => self.member(tree)?,
                Some('[') => self.index(tree, depth)?,
                _ => return Some(tree),
            };
            if depth + next.height > MAXIMUM_DEPTH {
                return self.too_deep();
            }
            tree = next;
        }
    }

    fn primary(&mut self, depth: usize) -> Option<Tree> {
        let start = self.position;
        match self.peek() {
            Some('\'') => {
                let text = self.quoted()?;
                Some(self.leaf(ExpressionKind::Text(text), start))
            }
            Some('-' | '0'..='9') => self.number(),
            Some(letter) if starts_name(letter) => self.named(depth),
            _ => self.unexpected("an expression"),
        }
    }

    /// `'it''s'`
    fn quoted(&mut self) -> Option<Arc<str>> {
        let start = self.position;
        let rest = &self.text[start + 1..];
        let mut quotes = rest.match_indices('\'').peekable();
        while let Some((at, _)) = quotes.next() {
            if quotes.next_if(|(next, _)| *next == at + 1).is_some() {
                continue;
            }
            self.position = start + 1 + at + 1;
            return Some(rest[..at].replace("''", "'").into());
        }
        self.position = self.text.len();
        self.fail(start, start + 1, "This text has no closing quote.".to_owned())
    }

    fn number(&mut self) -> Option<Tree> {
        let start = self.position;
        self.position += usize::from(self.peek() == Some('-'));
        let whole = self.take_while(|letter| letter.is_ascii_digit());
        let mut is_number = !whole.is_empty();
        if self.peek() == Some('.')
            && self.text[self.position + 1..].starts_with(|next: char| next.is_ascii_digit())
        {
            self.position += 1;
            self.take_while(|letter| letter.is_ascii_digit());
        }
        is_number &= self.take_while(continues_name).is_empty();
        let written = &self.text[start..self.position];
        match is_number {
            true => Some(self.leaf(ExpressionKind::Number(written.into()), start)),
            false => self.fail(start, self.position, format!("`{written}` is no number.")),
        }
    }

    /// A call, or one of the constants that are also written without parentheses.
    fn named(&mut self, depth: usize) -> Option<Tree> {
        let start = self.position;
        let mut name_start = start;
        let mut name = self.take_while(continues_name);
        let mut namespace = None;
        if let Some((inner_start, inner)) = self.name_in_namespace() {
            namespace = Some(name.into());
            (name_start, name) = (inner_start, inner);
        }
        let name_end = self.position;
        self.skip_space();
        if self.peek() != Some('(') {
            self.position = name_end;
            let constant = match name {
                _ if name.eq_ignore_ascii_case("true") => ExpressionKind::Boolean(true),
                _ if name.eq_ignore_ascii_case("false") => ExpressionKind::Boolean(false),
                _ if name.eq_ignore_ascii_case("null") => ExpressionKind::Null,
                _ => {
                    let message =
                        format!("`{name}` has no parentheses: functions are called as `{name}(…)`.");
                    return self.fail(start, name_end, message);
                }
            };
            return Some(self.leaf(constant, start));
        }
        self.position += 1;
        let (arguments, height) = self.arguments(depth)?;
        let call = Call {
            namespace,
            name: name.into(),
            name_span: self.decoded.span(name_start, name_end),
            arguments,
        };
        let mut tree = self.leaf(ExpressionKind::Call(Box::new(call)), start);
        tree.height = height + 1;
        Some(tree)
    }

    /// The name after the point of `contoso.uniqueName(`, if there is one here.
    fn name_in_namespace(&mut self) -> Option<(usize, &'a str)> {
        let before = self.position;
        self.skip_space();
        if self.peek() == Some('.') {
            self.position += 1;
            self.skip_space();
            let start = self.position;
            let name = self.take_while(continues_name);
            let end = self.position;
            self.skip_space();
            let is_called = self.peek() == Some('(');
            self.position = end;
            if is_called && name.starts_with(starts_name) {
                return Some((start, name));
            }
        }
        self.position = before;
        None
    }

    /// What stands after the opening parenthesis, with the closing one, and the levels of the highest
    /// argument. A broken argument does not break the others.
    fn arguments(&mut self, depth: usize) -> Option<(Vec<Expression>, usize)> {
        let opening = self.position - 1;
        let mut arguments = Vec::new();
        let mut height = 0;
        self.skip_space();
        if self.peek() == Some(')') {
            self.position += 1;
            return Some((arguments, height));
        }
        // A broken argument is a level too.
        if depth + 1 >= MAXIMUM_DEPTH {
            self.position = opening;
            return self.too_deep();
        }
        loop {
            self.skip_space();
            let start = self.position;
            let mut argument = self.expression(depth + 1);
            self.skip_space();
            if argument.is_some() && !matches!(self.peek(), Some(',' | ')') | None) {
                argument = self.unexpected("`,` or `)`");
            }
            let argument = match argument {
                Some(argument) => argument,
                None => {
                    self.skip_argument();
                    self.leaf(ExpressionKind::Broken, start)
                }
            };
            height = height.max(argument.height);
            arguments.push(argument.expression);
            match self.peek() {
                Some(',') => self.position += 1,
                Some(')') => {
                    self.position += 1;
                    return Some((arguments, height));
                }
                _ => {
                    let message = "This parenthesis is not closed.".to_owned();
                    return self.fail(opening, opening + 1, message);
                }
            }
        }
    }

    /// Goes on to the end of the argument here, over whatever stands in it.
    fn skip_argument(&mut self) {
        let mut open = 0_usize;
        while let Some(letter) = self.peek() {
            match letter {
                '\'' => {
                    let rest = &self.text[self.position + 1..];
                    self.position += rest.find('\'').map_or(rest.len(), |end| end + 1);
                    if self.position >= self.text.len() {
                        return;
                    }
                }
                '(' => open += 1,
                ')' | ',' if open == 0 => return,
                ')' => open -= 1,
                _ => {}
            }
            self.position += letter.len_utf8();
        }
    }

    /// `.name`
    fn member(&mut self, target: Tree) -> Option<Tree> {
        self.position += 1;
        self.skip_space();
        let start = self.position;
        // Members of objects may have a hyphen in their names; nothing is subtracted here.
        let name = self.take_while(|letter| continues_name(letter) || letter == '-');
        if name.is_empty() {
            return self.unexpected("the name of a member");
        }
        let access = Access {
            target: target.expression,
            name: name.into(),
            name_span: self.decoded.span(start, self.position),
            is_safe: false,
        };
        let mut tree = self.leaf(ExpressionKind::Member(Box::new(access)), target.start);
        tree.height = target.height + 1;
        Some(tree)
    }

    /// `[0]`, `['name']`
    fn index(&mut self, target: Tree, depth: usize) -> Option<Tree> {
        self.position += 1;
        let index = self.expression(depth + 1)?;
        self.skip_space();
        if self.peek() != Some(']') {
            return self.unexpected("`]`");
        }
        self.position += 1;
        let height = target.height.max(index.height) + 1;
        let access = Index {
            target: target.expression,
            index: index.expression,
            is_safe: false,
            is_from_end: false,
        };
        let mut tree = self.leaf(ExpressionKind::Index(Box::new(access)), target.start);
        tree.height = height;
        Some(tree)
    }

    /// A part of the tree from `start` to here, as one level.
    fn leaf(&self, kind: ExpressionKind, start: usize) -> Tree {
        Tree {
            expression: Expression::new(kind, self.decoded.span(start, self.position)),
            height: 1,
            start,
        }
    }

    fn peek(&self) -> Option<char> {
        self.text[self.position..].chars().next()
    }

    fn skip_space(&mut self) {
        self.take_while(char::is_whitespace);
    }

    fn take_while(&mut self, belongs: impl Fn(char) -> bool) -> &'a str {
        let rest = &self.text[self.position..];
        let length = rest.find(|letter| !belongs(letter)).unwrap_or(rest.len());
        self.position += length;
        &rest[..length]
    }

    fn too_deep<T>(&mut self) -> Option<T> {
        let message = format!("This is nested deeper than {MAXIMUM_DEPTH} levels, which is not analysed.");
        self.fail(self.position, self.position, message)
    }

    fn unexpected<T>(&mut self, wanted: &str) -> Option<T> {
        match self.peek() {
            Some(letter) => {
                let message = format!("`{letter}` stands where {wanted} should be.");
                self.fail(self.position, self.position + letter.len_utf8(), message)
            }
            None => {
                let message = format!("The text ends where {wanted} should be.");
                self.fail(self.position, self.position, message)
            }
        }
    }

    fn fail<T>(&mut self, start: usize, end: usize, message: String) -> Option<T> {
        let span = self.decoded.span(start, end);
        self.error.get_or_insert(SyntaxError { span, message });
        None
    }
}

fn starts_name(letter: char) -> bool {
    letter.is_ascii_alphabetic() || letter == '_'
}

fn continues_name(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || matches!(letter, '_' | '$')
}
