//! Tokens to a tree, by recursive descent. A part that cannot be read says so once and gives way to the
//! next: a property to the next property, a statement to the next statement.

mod expressions;
mod lists;
mod literals;
mod recovery;
mod statements;
mod texts;
mod types;

use std::sync::Arc;

use super::lexer::{self, Token, TokenKind};
use super::tree::{Comment, Expression, ExpressionKind, File, Name, Statement};
use crate::source::{FileId, Span};
use crate::syntax::SyntaxError;

/// How many levels of brackets and bodies are followed.
const LEVELS: usize = 64;

/// How high an expression's tree may become, with the operators of a chain and the steps of a path.
const HEIGHT: usize = 512;

const TOO_DEEP: &str = "nested more than 64 levels deep, which is not analysed";
const TOO_LONG: &str = "more than 512 operators in one chain, which is not analysed";

/// The place and its words are in the errors already.
struct Failed;

type Parsed<T> = Result<T, Failed>;

pub(super) fn parse(file: FileId, text: &str) -> File {
    let lexed = lexer::lex(file, text);
    let comments = lexed.comments.iter().map(|span| Comment {
        span: *span,
        text: text[span.start as usize..span.end as usize].into(),
    });
    let mut parser = Parser::new(file, text, &lexed.tokens);
    parser.file();
    if parser.has_unclosed {
        // A resource at the margin may be nested in the one before it, or be where that one's missing
        // bracket shows. Now that a bracket is known to be missing, it is taken as the latter.
        let mut second = Parser::new(file, text, &lexed.tokens);
        second.starts_at_margin = true;
        second.file();
        parser = second;
    }
    let mut errors = lexed.errors;
    errors.append(&mut parser.errors);
    errors.sort_by_key(|error| (error.span.start, error.span.end));
    File {
        statements: parser.statements,
        comments: comments.collect(),
        errors,
    }
}

struct Parser<'a> {
    file: FileId,
    text: &'a str,
    tokens: &'a [Token],
    at: usize,
    levels: usize,
    /// Of the expression or type that was read last.
    height: usize,
    /// Whether a `resource` without indentation always begins a statement of the file.
    starts_at_margin: bool,
    has_unclosed: bool,
    /// Where a statement was found inside an open bracket: every bracket around it ends here, and only the
    /// innermost says so.
    abandoned_at: Option<usize>,
    /// What closes the brackets that are open, the innermost last.
    closers: Vec<TokenKind>,
    statements: Vec<Statement>,
    errors: Vec<SyntaxError>,
}

impl<'a> Parser<'a> {
    fn new(file: FileId, text: &'a str, tokens: &'a [Token]) -> Self {
        Parser {
            file,
            text,
            tokens,
            at: 0,
            levels: 0,
            height: 0,
            starts_at_margin: false,
            has_unclosed: false,
            abandoned_at: None,
            closers: Vec::new(),
            statements: Vec::new(),
            errors: Vec::new(),
        }
    }

    /// The token so many places on; past the end it is the end, as it is for all that is left open where
    /// the next statement begins.
    fn token(&self, ahead: usize) -> Token {
        let last = self.tokens.len().saturating_sub(1);
        let found = self.tokens.get((self.at + ahead).min(last)).copied();
        match found {
            Some(token) if !self.is_at_next_statement() => token,
            found => Token {
                kind: TokenKind::EndOfFile,
                start: found.map_or(0, |token| token.start),
                end: found.map_or(0, |token| token.start),
            },
        }
    }

    fn kind(&self) -> TokenKind {
        self.token(0).kind
    }

    fn is(&self, kind: TokenKind) -> bool {
        self.kind() == kind
    }

    /// The kind of the next token that is no line end, and how far it is.
    fn past_line_end(&self) -> (TokenKind, usize) {
        let ahead = usize::from(self.is(TokenKind::NewLine));
        (self.token(ahead).kind, ahead)
    }

    fn skip_line_end(&mut self) {
        if self.is(TokenKind::NewLine) {
            self.at += 1;
        }
    }

    fn advance(&mut self) -> Token {
        let token = self.token(0);
        if token.kind != TokenKind::EndOfFile {
            self.at += 1;
        }
        token
    }

    /// Takes the token if it is of this kind.
    fn take(&mut self, kind: TokenKind) -> bool {
        let found = self.is(kind);
        if found {
            self.advance();
        }
        found
    }

    fn expect(&mut self, kind: TokenKind, message: &str) -> Parsed<Token> {
        if self.is(kind) {
            Ok(self.advance())
        } else {
            Err(self.unexpected(message))
        }
    }

    fn text_of(&self, token: Token) -> &'a str {
        let range = token.start as usize..token.end as usize;
        self.text.get(range).unwrap_or_default()
    }

    fn span_of(&self, token: Token) -> Span {
        Span {
            file: self.file,
            start: token.start,
            end: token.end,
        }
    }

    /// From a place to the end of the last token that was taken.
    fn span_from(&self, start: u32) -> Span {
        let last = self.at.checked_sub(1).and_then(|at| self.tokens.get(at));
        let end = last.map_or(start, |token| match token.kind {
            TokenKind::NewLine => token.start,
            _ => token.end,
        });
        Span {
            file: self.file,
            start,
            end: end.max(start),
        }
    }

    fn start(&self) -> u32 {
        self.token(0).start
    }

    fn is_word(&self, ahead: usize, word: &str) -> bool {
        let token = self.token(ahead);
        token.kind == TokenKind::Identifier && self.text_of(token) == word
    }

    fn take_word(&mut self, word: &str) -> bool {
        let found = self.is_word(0, word);
        if found {
            self.advance();
        }
        found
    }

    fn name(&mut self, message: &str) -> Parsed<Name> {
        let token = self.expect(TokenKind::Identifier, message)?;
        Ok(Name {
            text: Arc::from(self.text_of(token)),
            span: self.span_of(token),
        })
    }

    fn error(&mut self, span: Span, message: impl Into<String>) -> Failed {
        self.errors.push(SyntaxError {
            span,
            message: message.into(),
        });
        Failed
    }

    /// The next token is not what has to be here. Where a line or the file ends, the place is its last
    /// token, since nobody sees a line end.
    fn unexpected(&mut self, message: &str) -> Failed {
        if self.is_at_next_statement() {
            // The bracket that is not closed has said so.
            return Failed;
        }
        let token = self.token(0);
        let span = match token.kind {
            TokenKind::NewLine | TokenKind::EndOfFile => {
                let last = self.at.checked_sub(1).and_then(|at| self.tokens.get(at));
                self.span_of(last.copied().unwrap_or(token))
            }
            _ => self.span_of(token),
        };
        self.error(span, message)
    }

    /// One level of brackets or bodies further in.
    fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        if self.levels >= LEVELS {
            return Err(self.unexpected(TOO_DEEP));
        }
        self.levels += 1;
        let result = read(self);
        self.levels -= 1;
        result
    }

    /// A node above others has been made, the highest of which is `below` high.
    fn higher(&mut self, below: usize) -> Parsed<()> {
        self.height = below + 1;
        if self.height > HEIGHT {
            return Err(self.unexpected(TOO_LONG));
        }
        Ok(())
    }

    fn broken(&self, span: Span) -> Expression {
        Expression {
            kind: ExpressionKind::Broken,
            span,
        }
    }
}
