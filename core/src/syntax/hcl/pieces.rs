//! A file of native syntax is read in pieces, so that an edit reads again only the piece that it changed.
//!
//! A piece is nearly always one top-level block with what stands between it and the next: the text is cut at
//! the headers of blocks that stand at the start of a line outside all brackets. Where brackets stay open up
//! to the end of the file, as while a block is typed, every such header cuts. What comes of a piece follows
//! from its text alone, and from nothing before or behind it: this is what makes [`parse_again`] the same as
//! [`parse`].

use std::collections::HashSet;
use std::ops::Range;
use std::sync::Arc;

use memchr::memmem;

use super::native::{self, Failure, Part};
use super::recovery::{self, MAXIMUM_ERRORS, Read};
use super::scan::{Scanner, TokenKind};
use super::shift;
use super::tree::{Attribute, Block, Body, Comment, File, Piece};
use crate::source::{FileId, Span};
use crate::syntax::SyntaxError;

const BYTE_ORDER_MARK: &str = "\u{feff}";

/// A larger piece is looked through for objects with so many keys that hcl-edit, which compares each with
/// each, would take minutes.
const LARGE_BYTES: usize = 256 * 1024;

/// What a comment that speaks to this tool holds.
const SUPPRESSION: &str = "akslint:";

pub(super) fn parse(file: FileId, text: &str) -> File {
    let text = Text::new(file, text);
    let cut = text.cut();
    let mut joined = Joined::default();
    for range in &cut.pieces {
        joined.read(text.part(range));
    }
    joined.file(&text, cut)
}

pub(super) fn parse_again(file: FileId, text: &str, previous: Arc<File>, previous_text: &str) -> File {
    if previous.pieces.is_empty() {
        return parse(file, text);
    }
    let text = Text::new(file, text);
    let old = Text::new(file, previous_text);
    let old_pieces = old.ranges(&previous.pieces);
    let again = previous.is_plain.then(|| text.cut_again(&old, &old_pieces));
    let cut = again.flatten().unwrap_or_else(|| text.cut());
    let is_same = |(new, old_range): &(&Range<usize>, &Range<usize>)| text.of(new) == old.of(old_range);
    let pairs = cut.pieces.iter().zip(&old_pieces);
    let before = pairs.take_while(is_same).count();
    let rest = cut.pieces.len().min(old_pieces.len()) - before;
    let pairs = cut.pieces.iter().rev().zip(old_pieces.iter().rev());
    let behind = pairs.take(rest).take_while(is_same).count();

    let mut joined = Joined::of(Arc::unwrap_or_clone(previous));
    let mut old_behind = joined.split_off(old_pieces.len() - behind);
    joined.split_off(before);
    joined.shift(distance(old.offset, text.offset));
    let new = before..cut.pieces.len() - behind;
    for range in cut.pieces.get(new).unwrap_or_default() {
        joined.read(text.part(range));
    }
    old_behind.shift(distance(old.end(), text.end()));
    joined.append(old_behind);
    joined.file(&text, cut)
}

fn distance(from: usize, to: usize) -> i64 {
    let offset = |at: usize| i64::try_from(at).unwrap_or(i64::MAX);
    offset(to) - offset(from)
}

/// The text of a file behind its byte order mark.
struct Text<'a> {
    file: FileId,
    written: &'a str,
    /// The offset of `written` in the file.
    offset: usize,
}

/// Where the pieces lie in the text, and its comments.
struct Cut {
    pieces: Vec<Range<usize>>,
    comments: Vec<Comment>,
    /// See [`File::is_plain`].
    is_plain: bool,
}

impl<'a> Text<'a> {
    fn new(file: FileId, text: &'a str) -> Self {
        let written = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text);
        Text {
            file,
            written,
            offset: text.len() - written.len(),
        }
    }

    fn end(&self) -> usize {
        self.offset + self.written.len()
    }

    fn of(&self, range: &Range<usize>) -> &'a str {
        self.written.get(range.clone()).unwrap_or_default()
    }

    fn part(&self, range: &Range<usize>) -> Part<'a> {
        Part {
            file: self.file,
            written: self.of(range),
            offset: self.offset + range.start,
            offsets: None,
        }
    }

    /// Where pieces that follow each other lie.
    fn ranges(&self, pieces: &[Piece]) -> Vec<Range<usize>> {
        let mut start = 0;
        let range = |piece: &Piece| {
            let range = start..start + piece.length;
            start = range.end;
            range
        };
        pieces.iter().map(range).collect()
    }

    /// Whether it may hold comments that are meant for this tool.
    fn speaks_to_akslint(&self) -> bool {
        memmem::find(self.written.as_bytes(), SUPPRESSION.as_bytes()).is_some()
    }

    fn cut(&self) -> Cut {
        // A text that nowhere speaks to this tool has no comments that are of use to anyone.
        let has_suppressions = self.speaks_to_akslint();
        let mut comments = Vec::new();
        let mut starts = vec![0];
        // Headers since the last start, inside brackets that may turn out never to be closed.
        let mut inside = Vec::new();
        let mut depth = 0_usize;
        let mut scanner = Scanner::new(self.written, 0);
        while let Some(token) = scanner.next() {
            match token.kind {
                TokenKind::Open(_) => depth += 1,
                TokenKind::Close(_) => depth = depth.saturating_sub(1),
                TokenKind::Word if token.start > 0 && scanner.is_top_level_header(token.start) => {
                    if depth == 0 {
                        inside.clear();
                        starts.push(token.start);
                    } else {
                        inside.push(token.start);
                    }
                }
                TokenKind::Comment if has_suppressions => {
                    let (start, end) = (self.offset + token.start, self.offset + token.end);
                    comments.push(Comment {
                        span: Span::new(self.file, start, end),
                        text: self.of(&(token.start..token.end)).to_owned(),
                    });
                }
                _ => {}
            }
        }
        if depth > 0 {
            starts.append(&mut inside);
        }
        Cut {
            pieces: self.between(&starts),
            comments,
            is_plain: depth == 0 && !has_suppressions && !scanner.has_wasted(),
        }
    }

    fn between(&self, starts: &[usize]) -> Vec<Range<usize>> {
        let ends = starts.iter().skip(1).copied().chain([self.written.len()]);
        starts.iter().zip(ends).map(|(start, end)| *start..end).collect()
    }

    /// The same as [`Text::cut`] for a text that differs in one place from a plain one: only what lies around the
    /// difference is looked at. None when the text is not plain itself.
    fn cut_again(&self, old: &Text<'_>, old_pieces: &[Range<usize>]) -> Option<Cut> {
        if self.speaks_to_akslint() {
            return None;
        }
        let (new_bytes, old_bytes) = (self.written.as_bytes(), old.written.as_bytes());
        let before = same_at_start(new_bytes, old_bytes);
        let behind = same_at_end(
            new_bytes.get(before..).unwrap_or_default(),
            old_bytes.get(before..).unwrap_or_default(),
        );
        // The last piece that ends before the difference is where it is sure that a piece starts.
        let kept = old_pieces.iter().take_while(|piece| piece.end <= before).count();
        let mut starts: Vec<usize> = old_pieces
            .iter()
            .take(kept.max(1))
            .map(|piece| piece.start)
            .collect();
        let resumed = starts.last().copied().unwrap_or_default();
        let mut depth = 0_usize;
        let mut scanner = Scanner::new(self.written, resumed);
        while let Some(token) = scanner.next() {
            match token.kind {
                TokenKind::Open(_) => depth += 1,
                TokenKind::Close(_) => depth = depth.saturating_sub(1),
                TokenKind::Word
                    if depth == 0 && token.start > resumed && scanner.is_top_level_header(token.start) =>
                {
                    // From a start that the old text has as well, all is as it was.
                    if token.start > new_bytes.len() - behind {
                        let there = (token.start + old_bytes.len()).checked_sub(new_bytes.len())?;
                        if let Ok(found) = old_pieces.binary_search_by_key(&there, |piece| piece.start) {
                            let rest = old_pieces.get(found..).unwrap_or_default().iter();
                            starts.extend(rest.map(|piece| token.start + (piece.start - there)));
                            break;
                        }
                    }
                    starts.push(token.start);
                }
                _ => {}
            }
        }
        let is_plain = depth == 0 && !scanner.has_wasted();
        is_plain.then(|| Cut {
            pieces: self.between(&starts),
            comments: Vec::new(),
            is_plain,
        })
    }
}

/// How many bytes are compared at a time.
const BLOCK: usize = 256;

/// How many bytes two texts have in common at their start.
fn same_at_start(one: &[u8], other: &[u8]) -> usize {
    let blocks = one.chunks(BLOCK).zip(other.chunks(BLOCK));
    let same = BLOCK * blocks.take_while(|(one, other)| one == other).count();
    let same = same.min(one.len()).min(other.len());
    let bytes = one.iter().zip(other).skip(same);
    same + bytes.take_while(|(one, other)| one == other).count()
}

/// How many bytes two texts have in common at their end.
fn same_at_end(one: &[u8], other: &[u8]) -> usize {
    let blocks = one.rchunks(BLOCK).zip(other.rchunks(BLOCK));
    let same = BLOCK * blocks.take_while(|(one, other)| one == other).count();
    let same = same.min(one.len()).min(other.len());
    let bytes = one.iter().rev().zip(other.iter().rev()).skip(same);
    same + bytes.take_while(|(one, other)| one == other).count()
}

/// What came of pieces that follow each other.
#[derive(Default)]
struct Joined {
    pieces: Vec<Piece>,
    attributes: Vec<Attribute>,
    blocks: Vec<Block>,
    errors: Vec<SyntaxError>,
    /// Errors past the maximum.
    unsaid: usize,
}

impl Joined {
    fn of(file: File) -> Self {
        Joined {
            pieces: file.pieces,
            attributes: file.body.attributes,
            blocks: file.body.blocks,
            errors: file.errors,
            // Of a file with more errors than are said the pieces are not known.
            unsaid: 0,
        }
    }

    fn read(&mut self, part: Part<'_>) {
        let Read { body, errors, unsaid } = piece(part);
        self.pieces.push(Piece {
            length: part.written.len(),
            attributes: body.attributes.len(),
            blocks: body.blocks.len(),
            errors: errors.len(),
            incomplete: body.incomplete,
        });
        self.attributes.extend(body.attributes);
        self.blocks.extend(body.blocks);
        self.errors.extend(errors);
        self.unsaid += unsaid;
    }

    /// Takes away what came of all pieces but the first `count`. Only for what has no unsaid errors.
    fn split_off(&mut self, count: usize) -> Joined {
        let kept = self.pieces.get(..count).unwrap_or_default();
        let sum = |of: fn(&Piece) -> usize| kept.iter().map(of).sum::<usize>();
        let (attributes, blocks, errors) = (
            sum(|piece| piece.attributes),
            sum(|piece| piece.blocks),
            sum(|piece| piece.errors),
        );
        Joined {
            pieces: self.pieces.split_off(count),
            attributes: self.attributes.split_off(attributes),
            blocks: self.blocks.split_off(blocks),
            errors: self.errors.split_off(errors),
            unsaid: 0,
        }
    }

    fn append(&mut self, mut other: Joined) {
        self.pieces.append(&mut other.pieces);
        self.attributes.append(&mut other.attributes);
        self.blocks.append(&mut other.blocks);
        self.errors.append(&mut other.errors);
        self.unsaid += other.unsaid;
    }

    fn shift(&mut self, by: i64) {
        if by == 0 {
            return;
        }
        for attribute in &mut self.attributes {
            shift::attribute(attribute, by);
        }
        for block in &mut self.blocks {
            shift::block(block, by);
        }
        for error in &mut self.errors {
            shift::span(&mut error.span, by);
        }
    }

    fn file(mut self, text: &Text<'_>, cut: Cut) -> File {
        let incomplete = self.pieces.iter().any(|piece| piece.incomplete);
        self.keep_first();
        self.bound_errors();
        File {
            body: Body {
                attributes: self.attributes,
                blocks: self.blocks,
                span: Span::new(text.file, 0, text.end()),
                incomplete,
            },
            errors: self.errors,
            comments: cut.comments,
            pieces: self.pieces,
            is_plain: cut.is_plain,
        }
    }

    /// Terraform refuses an attribute that is set twice; inside a piece this is seen when it is read.
    fn keep_first(&mut self) {
        if self.pieces.iter().filter(|piece| piece.attributes > 0).count() < 2 {
            return;
        }
        let mut names = HashSet::new();
        let known = self.errors.len();
        for attribute in &self.attributes {
            if !names.insert(attribute.name.clone()) {
                self.errors.push(SyntaxError {
                    span: attribute.name_span,
                    message: recovery::set_twice(&attribute.name),
                });
            }
        }
        if self.errors.len() > known {
            self.attributes.retain(|attribute| names.remove(&attribute.name));
            self.pieces.clear();
        }
    }

    fn bound_errors(&mut self) {
        self.unsaid += self.errors.len().saturating_sub(MAXIMUM_ERRORS);
        self.errors.truncate(MAXIMUM_ERRORS);
        if self.unsaid > 0
            && let Some(last) = self.errors.last_mut()
        {
            last.message = format!("{} (and {} more places in this file)", last.message, self.unsaid);
            self.pieces.clear();
        }
    }
}

fn piece(part: Part<'_>) -> Read {
    let read = if part.written.len() > LARGE_BYTES && recovery::has_large_object(part.written) {
        Err(Failure {
            at: 0,
            message: String::new(),
        })
    } else {
        native::body(part)
    };
    match read {
        Ok(body) => Read {
            body,
            errors: Vec::new(),
            unsaid: 0,
        },
        Err(failure) => recovery::piece(part, &failure),
    }
}
