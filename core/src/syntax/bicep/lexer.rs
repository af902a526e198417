//! Text to tokens. White space and comments are no tokens; a run of line ends, with what is between them,
//! is one.

use crate::source::{FileId, Span};
use crate::syntax::SyntaxError;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    pub(super) start: u32,
    pub(super) end: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TokenKind {
    NewLine,
    EndOfFile,
    /// Also every keyword: which of them mean something depends on the place.
    Identifier,
    Integer,
    /// `'…'` or `'''…'''` without a hole.
    Text,
    /// `'…${`
    TextStart,
    /// `}…${`
    TextMiddle,
    /// `}…'`
    TextEnd,
    LeftBrace,
    RightBrace,
    LeftParenthesis,
    RightParenthesis,
    LeftBracket,
    RightBracket,
    At,
    Comma,
    Dot,
    Ellipsis,
    Question,
    Coalesce,
    Colon,
    DoubleColon,
    Plus,
    Minus,
    Percent,
    Asterisk,
    Slash,
    Caret,
    Exclamation,
    Assign,
    Arrow,
    Equal,
    NotEqual,
    EqualIgnoringCase,
    NotEqualIgnoringCase,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    And,
    Or,
    Pipe,
    /// What no rule of the grammar has.
    Other,
}

const QUOTE_MISSING: &str = "a quoted text must end on the line it starts on: its `'` is missing";

pub(super) struct Lexed {
    /// Ends with [`TokenKind::EndOfFile`].
    pub(super) tokens: Vec<Token>,
    pub(super) comments: Vec<Span>,
    pub(super) errors: Vec<SyntaxError>,
}

/// What a `}` ends.
enum Open {
    /// `{` inside a hole.
    Brace,
    /// The hole of a text on one line.
    Hole,
    /// The hole of a text over several lines, whose holes begin with so many `$`.
    LongHole(usize),
}

pub(super) fn lex(file: FileId, text: &str) -> Lexed {
    let mut lexer = Lexer {
        file,
        bytes: text.as_bytes(),
        text,
        at: if text.starts_with('\u{feff}') { 3 } else { 0 },
        open: Vec::new(),
        has_no_more_long_ends: false,
        lexed: Lexed {
            // Bicep has a token for each six bytes, about.
            tokens: Vec::with_capacity(text.len() / 6 + 2),
            comments: Vec::new(),
            errors: Vec::new(),
        },
    };
    lexer.run();
    lexer.lexed
}

struct Lexer<'a> {
    file: FileId,
    bytes: &'a [u8],
    text: &'a str,
    at: usize,
    open: Vec<Open>,
    /// No `'''` follows: known after one search, so that many unclosed texts cost no more than one.
    has_no_more_long_ends: bool,
    lexed: Lexed,
}

impl Lexer<'_> {
    fn peek(&self, ahead: usize) -> u8 {
        self.bytes.get(self.at + ahead).copied().unwrap_or(0)
    }

    fn span(&self, start: usize) -> Span {
        Span::new(self.file, start, self.at)
    }

    fn error(&mut self, start: usize, end: usize, message: &str) {
        self.lexed.errors.push(SyntaxError {
            span: Span::new(self.file, start, end),
            message: message.to_owned(),
        });
    }

    fn push(&mut self, kind: TokenKind, start: usize) {
        let Span { start, end, .. } = self.span(start);
        self.lexed.tokens.push(Token { kind, start, end });
    }

    fn run(&mut self) {
        while self.at < self.bytes.len() {
            let start = self.at;
            match self.bytes[start] {
                b' ' | b'\t' => self.at += 1,
                b'\n' | b'\r' => self.line_end(start),
                b'/' if self.peek(1) == b'/' => self.rest_of_line(start),
                b'/' if self.peek(1) == b'*' => self.block_comment(start),
                b'#' if self.is_directive() => self.rest_of_line(start),
                _ => {
                    let kind = self.token(start);
                    self.push(kind, start);
                }
            }
        }
        self.push(TokenKind::EndOfFile, self.at);
    }

    fn line_end(&mut self, start: usize) {
        self.at += 1;
        // A text on one line ends with it, whatever its holes hold: a missing quote costs one line.
        if let Some(outer) = self.open.iter().position(|open| matches!(open, Open::Hole)) {
            self.open.truncate(outer);
            let Span { start, .. } = self.span(start);
            self.error(start as usize, self.at, QUOTE_MISSING);
            self.lexed.tokens.push(Token {
                kind: TokenKind::TextEnd,
                start,
                end: start,
            });
        }
        match self.lexed.tokens.last_mut() {
            Some(last) if last.kind == TokenKind::NewLine => last.end = Span::new(self.file, 0, self.at).end,
            _ => self.push(TokenKind::NewLine, start),
        }
    }

    fn rest_of_line(&mut self, start: usize) {
        let rest = &self.bytes[start..];
        let length = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
        self.at = start + length.unwrap_or(rest.len());
        self.lexed.comments.push(self.span(start));
    }

    fn block_comment(&mut self, start: usize) {
        match self.text[start + 2..].find("*/") {
            Some(length) => self.at = start + 2 + length + 2,
            None => {
                self.error(
                    start,
                    start + 2,
                    "this comment is not closed: its `*/` is missing",
                );
                self.at = self.bytes.len();
            }
        }
        self.lexed.comments.push(self.span(start));
    }

    /// `#disable-next-line`, `#disable-diagnostics`, `#restore-diagnostics`, alone on their line.
    fn is_directive(&self) -> bool {
        let before = self.bytes[..self.at]
            .iter()
            .rev()
            .find(|byte| !matches!(byte, b' ' | b'\t'));
        let rest = &self.bytes[self.at + 1..];
        let is_known = [&b"disable-"[..], b"restore-"]
            .iter()
            .any(|word| rest.starts_with(word));
        is_known && before.is_none_or(|byte| matches!(byte, b'\n' | b'\r' | 0xbf))
    }

    fn token(&mut self, start: usize) -> TokenKind {
        use TokenKind as Kind;
        let (kind, length) = match (self.bytes[start], self.peek(1)) {
            (b'a'..=b'z' | b'A'..=b'Z' | b'_', _) => (Kind::Identifier, self.word_length()),
            (b'0'..=b'9', _) => (Kind::Integer, self.digits()),
            (b'\'', _) => return self.quoted(start),
            (b'$', _) => return self.dollars(start),
            (b'{', _) => {
                if !self.open.is_empty() {
                    self.open.push(Open::Brace);
                }
                (Kind::LeftBrace, 1)
            }
            (b'}', _) => match self.open.last() {
                Some(Open::Hole) => {
                    self.at += 1;
                    return self.short(start, false);
                }
                Some(Open::LongHole(dollars)) => {
                    let dollars = *dollars;
                    self.at += 1;
                    return self.long(start, dollars, false);
                }
                Some(Open::Brace) => {
                    self.open.pop();
                    (Kind::RightBrace, 1)
                }
                None => (Kind::RightBrace, 1),
            },
            (b'(', _) => (Kind::LeftParenthesis, 1),
            (b')', _) => (Kind::RightParenthesis, 1),
            (b'[', _) => (Kind::LeftBracket, 1),
            (b']', _) => (Kind::RightBracket, 1),
            (b'@', _) => (Kind::At, 1),
            (b',', _) => (Kind::Comma, 1),
            (b'.', b'.') if self.peek(2) == b'.' => (Kind::Ellipsis, 3),
            (b'.', _) => (Kind::Dot, 1),
            (b'?', b'?') => (Kind::Coalesce, 2),
            (b'?', _) => (Kind::Question, 1),
            (b':', b':') => (Kind::DoubleColon, 2),
            (b':', _) => (Kind::Colon, 1),
            (b'+', _) => (Kind::Plus, 1),
            (b'-', _) => (Kind::Minus, 1),
            (b'%', _) => (Kind::Percent, 1),
            (b'*', _) => (Kind::Asterisk, 1),
            (b'/', _) => (Kind::Slash, 1),
            (b'^', _) => (Kind::Caret, 1),
            (b'!', b'=') => (Kind::NotEqual, 2),
            (b'!', b'~') => (Kind::NotEqualIgnoringCase, 2),
            (b'!', _) => (Kind::Exclamation, 1),
            (b'<', b'=') => (Kind::LessOrEqual, 2),
            (b'<', _) => (Kind::Less, 1),
            (b'>', b'=') => (Kind::GreaterOrEqual, 2),
            (b'>', _) => (Kind::Greater, 1),
            (b'=', b'=') => (Kind::Equal, 2),
            (b'=', b'~') => (Kind::EqualIgnoringCase, 2),
            (b'=', b'>') => (Kind::Arrow, 2),
            (b'=', _) => (Kind::Assign, 1),
            (b'&', b'&') => (Kind::And, 2),
            (b'|', b'|') => (Kind::Or, 2),
            (b'|', _) => (Kind::Pipe, 1),
            _ => {
                let width = self.text[start..].chars().next().map_or(1, char::len_utf8);
                (Kind::Other, width)
            }
        };
        self.at += length;
        kind
    }

    fn word_length(&self) -> usize {
        let rest = &self.bytes[self.at..];
        let end = rest
            .iter()
            .position(|byte| !(byte.is_ascii_alphanumeric() || *byte == b'_'));
        end.unwrap_or(rest.len())
    }

    fn digits(&self) -> usize {
        let rest = &self.bytes[self.at..];
        rest.iter().take_while(|byte| byte.is_ascii_digit()).count()
    }

    fn quoted(&mut self, start: usize) -> TokenKind {
        if self.bytes[start..].starts_with(b"'''") {
            self.at += 3;
            self.long(start, 0, true)
        } else {
            self.at += 1;
            self.short(start, true)
        }
    }

    fn dollars(&mut self, start: usize) -> TokenKind {
        let dollars = self.bytes[start..]
            .iter()
            .take_while(|byte| **byte == b'$')
            .count();
        self.at += dollars;
        if !self.bytes[self.at..].starts_with(b"'''") {
            return TokenKind::Other;
        }
        self.at += 3;
        self.long(start, dollars, true)
    }

    /// The rest of a piece of a text on one line, up to its quote or next hole.
    fn short(&mut self, start: usize, is_first: bool) -> TokenKind {
        loop {
            match self.peek(0) {
                b'\'' => {
                    self.at += 1;
                    return self.last_piece(is_first);
                }
                b'$' if self.peek(1) == b'{' => {
                    self.at += 2;
                    return self.hole(is_first, Open::Hole);
                }
                b'\\' if !matches!(self.peek(1), b'\n' | b'\r' | 0) => self.at += 2,
                b'\n' | b'\r' => break,
                0 if self.at >= self.bytes.len() => break,
                _ => self.at += 1,
            }
        }
        self.at = self.at.min(self.bytes.len());
        self.error(start, self.at, QUOTE_MISSING);
        self.last_piece(is_first)
    }

    /// The rest of a piece of a text over several lines.
    fn long(&mut self, start: usize, dollars: usize, is_first: bool) -> TokenKind {
        let content = self.at;
        while !self.has_no_more_long_ends && self.at < self.bytes.len() {
            let byte = self.bytes[self.at];
            if byte != b'\'' && byte != b'$' {
                self.at += 1;
                continue;
            }
            let run = self.bytes[self.at..].iter().take_while(|next| **next == byte);
            let length = run.count();
            self.at += length;
            if byte == b'\'' && length >= 3 {
                return self.last_piece(is_first);
            }
            if byte == b'$' && dollars > 0 && length >= dollars && self.peek(0) == b'{' {
                self.at += 1;
                return self.hole(is_first, Open::LongHole(dollars));
            }
        }
        // Only its first line is lost: the rest of the file is read as if it were closed there.
        self.has_no_more_long_ends = true;
        let rest = &self.bytes[content..];
        let length = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
        self.at = content + length.unwrap_or(rest.len());
        self.error(start, content, "this text is not closed: its `'''` is missing");
        self.last_piece(is_first)
    }

    fn last_piece(&mut self, is_first: bool) -> TokenKind {
        if is_first {
            return TokenKind::Text;
        }
        self.open.pop();
        TokenKind::TextEnd
    }

    fn hole(&mut self, is_first: bool, open: Open) -> TokenKind {
        if !is_first {
            return TokenKind::TextMiddle;
        }
        self.open.push(open);
        TokenKind::TextStart
    }
}
