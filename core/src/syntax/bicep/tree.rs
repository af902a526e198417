//! The tree of a `.bicep` or `.bicepparam` file. Every node has the span of its whole text.

use std::sync::Arc;

use crate::source::Span;
use crate::syntax::SyntaxError;

#[derive(Debug, Clone, Default)]
pub struct File {
    pub statements: Vec<Statement>,
    pub comments: Vec<Comment>,
    /// What does not follow the grammar. The statements around it are in the tree.
    pub errors: Vec<SyntaxError>,
}

/// `// …`, `/* … */` or `#disable-next-line …`, with its marks.
#[derive(Debug, Clone)]
pub struct Comment {
    pub span: Span,
    pub text: Arc<str>,
}

#[derive(Debug, Clone)]
pub struct Name {
    pub text: Arc<str>,
    pub span: Span,
}

#[derive(Debug, Clone)]
pub struct Statement {
    pub decorators: Vec<Decorator>,
    pub kind: StatementKind,
    pub span: Span,
}

/// `@allowed([...])`, `@sys.description('…')`: a call.
#[derive(Debug, Clone)]
pub struct Decorator {
    pub call: Expression,
    pub span: Span,
}

#[derive(Debug, Clone)]
pub enum StatementKind {
    /// `targetScope = 'subscription'`
    TargetScope(Expression),
    /// `metadata owner = '…'`
    Metadata {
        name: Name,
        value: Expression,
    },
    /// `param name type = default`; in a `.bicepparam` without a type.
    Parameter(Parameter),
    Variable {
        name: Name,
        declared_type: Option<Type>,
        value: Expression,
    },
    Type {
        name: Name,
        value: Type,
    },
    Function(Function),
    Resource(Resource),
    Module(Module),
    Output(Output),
    /// `assert name = expression`
    Assert {
        name: Name,
        value: Expression,
    },
    Import(Import),
    /// `extension name with { … } as alias`, also the older `provider`.
    Extension {
        specification: Expression,
        configuration: Option<Expression>,
        alias: Option<Name>,
    },
    /// `using 'main.bicep'` or `using none`
    Using {
        path: Expression,
        configuration: Option<Expression>,
    },
    /// `extends 'base.bicepparam'`
    Extends(Expression),
    /// `test name 'main.test.bicep' = { … }`
    Test(Module),
    /// `extensionConfig alias with { … }` of a `.bicepparam`
    ExtensionConfiguration {
        alias: Name,
        configuration: Expression,
    },
    /// A statement that could not be read.
    Broken,
}

#[derive(Debug, Clone)]
pub struct Parameter {
    pub name: Name,
    pub declared_type: Option<Type>,
    pub value: Option<Expression>,
}

#[derive(Debug, Clone)]
pub struct Function {
    pub name: Name,
    pub parameters: Vec<(Name, Option<Type>)>,
    pub result: Option<Type>,
    pub body: Expression,
}

#[derive(Debug, Clone)]
pub struct Resource {
    pub name: Name,
    /// `'Microsoft.Network/virtualNetworks@2024-01-01'`; of a nested resource the last part alone.
    pub specification: Expression,
    pub is_existing: bool,
    /// An object, or a condition or loop around one.
    pub value: Expression,
    /// From the keyword to the end of the specification (and `existing`).
    pub header: Span,
}

#[derive(Debug, Clone)]
pub struct Module {
    pub name: Name,
    pub path: Expression,
    pub value: Expression,
    pub header: Span,
}

#[derive(Debug, Clone)]
pub struct Output {
    pub name: Name,
    pub declared_type: Option<Type>,
    pub value: Expression,
}

#[derive(Debug, Clone)]
pub struct Import {
    pub names: ImportedNames,
    pub path: Expression,
}

#[derive(Debug, Clone)]
pub enum ImportedNames {
    /// `{ exported as here, … }`
    List(Vec<(Name, Option<Name>)>),
    /// `* as name`
    All(Name),
}

#[derive(Debug, Clone)]
pub struct Expression {
    pub kind: ExpressionKind,
    pub span: Span,
}

#[derive(Debug, Clone)]
pub enum ExpressionKind {
    Null,
    Boolean(bool),
    /// The digits as written; may be too large for any integer.
    Integer(Arc<str>),
    /// Without interpolation, escapes resolved.
    Text(Arc<str>),
    /// In the order of writing; at least one part is an expression. Parts without text are left out.
    Interpolation(Vec<Part>),
    Array(Vec<Item>),
    /// Has a [`Property::Broken`] when something of it could not be read, such as its end.
    Object(Vec<Property>),
    /// An identifier: a declared name, a loop or lambda parameter, or a namespace.
    Name(Arc<str>),
    Parenthesised(Box<Expression>),
    Unary(UnaryOperator, Box<Expression>),
    Binary(BinaryOperator, Box<Expression>, Box<Expression>),
    /// `condition ? yes : no`
    Conditional(Box<[Expression; 3]>),
    /// `name(…)` or `target.name(…)`
    Call(Box<Call>),
    /// `target.name`, `target.?name`
    Member(Box<Member>),
    /// `target[index]`, `target[?index]`, `target[^index]`
    Index(Box<Index>),
    /// `parent::child`
    Nested(Box<Expression>, Name),
    /// `target!`
    NotNull(Box<Expression>),
    /// `(a, b) => body`, `a => body`
    Lambda(Box<Lambda>),
    /// `[for x in xs: body]`
    For(Box<For>),
    /// `if (condition) body`: the value of a resource, module or filtered loop.
    If(Box<Expression>, Box<Expression>),
    Broken,
}

#[derive(Debug, Clone)]
pub enum Part {
    Text(Arc<str>, Span),
    Expression(Expression),
}

#[derive(Debug, Clone)]
pub enum Item {
    /// [`ExpressionKind::Broken`] when something of the array could not be read, such as its end.
    One(Expression),
    Spread(Expression),
}

#[derive(Debug, Clone)]
pub enum Property {
    Named {
        /// A name, a text or an interpolation.
        name: Expression,
        value: Expression,
        span: Span,
    },
    /// A resource inside the body of its parent.
    Resource(Box<Statement>),
    Spread(Expression),
    Broken(Span),
}

#[derive(Debug, Clone)]
pub struct Call {
    pub target: Option<Expression>,
    pub name: Name,
    pub arguments: Vec<Expression>,
}

#[derive(Debug, Clone)]
pub struct Member {
    pub target: Expression,
    pub name: Name,
    pub is_safe: bool,
}

#[derive(Debug, Clone)]
pub struct Index {
    pub target: Expression,
    pub index: Expression,
    pub is_safe: bool,
    pub is_from_end: bool,
}

#[derive(Debug, Clone)]
pub struct Lambda {
    pub parameters: Vec<Name>,
    pub body: Expression,
}

#[derive(Debug, Clone)]
pub struct For {
    pub item: Option<Name>,
    pub index: Option<Name>,
    pub over: Expression,
    /// May be an [`ExpressionKind::If`]: a filter.
    pub body: Expression,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnaryOperator {
    Not,
    Minus,
    /// `+1`, which older files have.
    Plus,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BinaryOperator {
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
    Equal,
    NotEqual,
    /// `=~`
    EqualIgnoringCase,
    /// `!~`
    NotEqualIgnoringCase,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    And,
    Or,
    /// `??`
    Coalesce,
}

#[derive(Debug, Clone)]
pub struct Type {
    pub kind: TypeKind,
    pub span: Span,
}

#[derive(Debug, Clone)]
pub enum TypeKind {
    /// `string`, `int`, a declared type
    Name(Arc<str>),
    /// `'a'`, `1`, `true`, `null`, `-1`
    Literal(Expression),
    Array(Box<Type>),
    Tuple(Vec<Type>),
    Object(Vec<TypeMember>),
    Union(Vec<Type>),
    /// `string?`
    Nullable(Box<Type>),
    /// `target.name`, `target.*`, `target[*]`, `target[0]`: a part of another type.
    Part(Box<Type>, Arc<str>),
    /// `resourceInput<'Microsoft.Network/virtualNetworks@2024-01-01'>.properties`
    Parameterised {
        name: Arc<str>,
        arguments: Vec<Type>,
    },
    /// A text with interpolation, `!` and other forms that say nothing here.
    Other,
    Broken,
}

#[derive(Debug, Clone)]
pub struct TypeMember {
    pub decorators: Vec<Decorator>,
    /// None for `*: type`.
    pub name: Option<Name>,
    pub value: Type,
    pub span: Span,
}
