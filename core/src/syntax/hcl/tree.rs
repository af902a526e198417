//! The tree that native (`.tf`, `.tofu`, `.tfvars`) and JSON (`.tf.json`, `.tfvars.json`) syntax share.
//! Every node has the bytes it was read from; strip markers and heredoc indentation are already applied.

use std::sync::Arc;

use crate::source::Span;
use crate::syntax::SyntaxError;

#[derive(Debug, Clone)]
pub struct File {
    pub body: Body,
    pub errors: Vec<SyntaxError>,
    pub comments: Vec<Comment>,
    /// The pieces that the text was read in, in order and without gaps. Empty when what came of each cannot
    /// be told apart, and in JSON syntax.
    pub pieces: Vec<Piece>,
    /// Every bracket was closed, nothing was read ahead in vain and no comment counts: then where the pieces start
    /// follows from the text around each start alone.
    pub is_plain: bool,
}

/// A piece of a file's text that was read by itself, and how much of the file's tree came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece {
    /// In bytes.
    pub length: usize,
    pub attributes: usize,
    pub blocks: usize,
    pub errors: usize,
    pub incomplete: bool,
}

/// A comment with its markers, as written. In JSON syntax: the text of a `"//"` key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    pub span: Span,
    pub text: String,
}

#[derive(Debug, Clone)]
pub struct Body {
    pub attributes: Vec<Attribute>,
    pub blocks: Vec<Block>,
    pub span: Span,
    /// Part of this body did not parse and was left out, so nothing may be concluded from what is not here.
    pub incomplete: bool,
}

#[derive(Debug, Clone)]
pub struct Attribute {
    pub name: Arc<str>,
    pub name_span: Span,
    pub value: Expression,
    pub span: Span,
}

#[derive(Debug, Clone)]
pub struct Block {
    pub kind: Arc<str>,
    pub labels: Vec<Label>,
    pub body: Body,
    /// The kind and the labels: what a finding about the whole block underlines.
    pub header: Span,
    /// From the kind to the closing brace.
    pub span: Span,
}

#[derive(Debug, Clone)]
pub struct Label {
    pub text: Arc<str>,
    pub span: Span,
}

#[derive(Debug, Clone)]
pub struct Expression {
    pub kind: ExpressionKind,
    pub span: Span,
}

#[derive(Debug, Clone)]
pub enum ExpressionKind {
    Null,
    Bool(bool),
    /// The digits as written.
    Number(Arc<str>),
    String(Arc<str>),
    /// A quoted template or heredoc with at least one interpolation or directive.
    Template(Vec<TemplatePart>),
    /// `[a, b]`
    Tuple(Vec<Expression>),
    /// `{ k = v }`, in written order; a repeated key is kept: the last one counts.
    Object(Vec<ObjectItem>),
    /// The first name of a traversal: `var`, `local`, `each`, a resource type, an iterator.
    Name(Arc<str>),
    Traversal(Box<Traversal>),
    Call(Box<Call>),
    Unary(UnaryOperator, Box<Expression>),
    Binary(BinaryOperator, Box<Expression>, Box<Expression>),
    Conditional(Box<Conditional>),
    For(Box<For>),
    Parenthesis(Box<Expression>),
    /// Text that could not be read (broken, or nested deeper than the parser goes); why stands in it.
    Unreadable(Arc<str>),
}

#[derive(Debug, Clone)]
pub struct ObjectItem {
    pub key: ObjectKey,
    pub value: Expression,
}

#[derive(Debug, Clone)]
pub enum ObjectKey {
    /// A bare word: `name = …`
    Name(Arc<str>, Span),
    /// A quoted, parenthesised or otherwise computed key.
    Expression(Expression),
}

#[derive(Debug, Clone)]
pub struct Traversal {
    pub on: Expression,
    pub steps: Vec<TraversalStep>,
}

#[derive(Debug, Clone)]
pub struct TraversalStep {
    pub kind: TraversalStepKind,
    pub span: Span,
}

#[derive(Debug, Clone)]
pub enum TraversalStepKind {
    Attribute(Arc<str>),
    Index(Expression),
    /// `.0`
    LegacyIndex(u64),
    /// `[*]`: all later steps apply to each element.
    FullSplat,
    /// `.*`: the attribute steps that follow directly apply to each element.
    AttributeSplat,
}

#[derive(Debug, Clone)]
pub struct Call {
    /// With `::` for provider functions.
    pub name: Arc<str>,
    pub name_span: Span,
    pub arguments: Vec<Expression>,
    /// The last argument is followed by `...`.
    pub expand_last: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum UnaryOperator {
    Negate,
    Not,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BinaryOperator {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
    And,
    Or,
}

#[derive(Debug, Clone)]
pub struct Conditional {
    pub test: Expression,
    pub yes: Expression,
    pub no: Expression,
}

#[derive(Debug, Clone)]
pub struct For {
    pub key: Option<Arc<str>>,
    pub value: Arc<str>,
    pub collection: Expression,
    /// Present in `{ for … : key => result }`.
    pub key_result: Option<Expression>,
    pub result: Expression,
    /// `...` after the result of an object-for.
    pub grouping: bool,
    pub condition: Option<Expression>,
}

#[derive(Debug, Clone)]
pub enum TemplatePart {
    Literal(Arc<str>, Span),
    Interpolation(Expression),
    If {
        test: Expression,
        yes: Vec<TemplatePart>,
        no: Vec<TemplatePart>,
    },
    For {
        key: Option<Arc<str>>,
        value: Arc<str>,
        collection: Expression,
        body: Vec<TemplatePart>,
    },
}
