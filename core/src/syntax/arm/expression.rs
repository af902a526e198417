//! The tree of an ARM value: JSON with expressions in it, or what Bicep spells in their place.

use std::sync::Arc;

use crate::source::Span;

#[derive(Debug, Clone)]
pub struct Expression {
    pub kind: ExpressionKind,
    pub span: Span,
}

#[derive(Debug, Clone)]
pub enum ExpressionKind {
    Null,
    Boolean(bool),
    /// A number as written; ARM's own are whole, JSON's need not be.
    Number(Arc<str>),
    Text(Arc<str>),
    Array(Vec<Item>),
    /// In the order of writing. A name can be an expression too.
    Object(Vec<Member>),
    /// `concat('a', 'b')`, `parameters('x')`, `contoso.uniqueName('x')`; also Bicep's operators and names:
    /// `add(1, 2)`, `parameters('prefix')`, `variables('x')`, `lambdaVariables('item')`.
    Call(Box<Call>),
    /// `resourceGroup().location`
    Member(Box<Access>),
    /// `parameters('list')[0]`
    Index(Box<Index>),
    /// A resource or module by its symbolic name, from Bicep: `vnet` in `vnet.id`.
    Symbol(Arc<str>),
    /// Only as an argument of `map`, `filter` and their like.
    Lambda(Box<Lambda>),
    /// The elements that a `copy` inside an object makes.
    Copy(Box<Copy>),
    /// The text here does not follow the grammar; the parser has said so. Unknown when evaluated.
    Broken,
}

/// An element of an array.
#[derive(Debug, Clone)]
pub enum Item {
    One(Expression),
    /// `...list`, from Bicep.
    Spread(Expression),
}

/// A member of an object.
#[derive(Debug, Clone)]
pub enum Member {
    Named {
        name: Name,
        value: Expression,
    },
    /// `...object`, from Bicep.
    Spread(Expression),
}

#[derive(Debug, Clone)]
pub enum Name {
    /// Without its quotes.
    Plain {
        text: Arc<str>,
        span: Span,
    },
    Computed(Expression),
}

#[derive(Debug, Clone)]
pub struct Call {
    /// Of a user-defined function, or `sys` and `az` in Bicep.
    pub namespace: Option<Arc<str>>,
    /// As written; names are the same in any case.
    pub name: Arc<str>,
    pub name_span: Span,
    pub arguments: Vec<Expression>,
}

#[derive(Debug, Clone)]
pub struct Access {
    pub target: Expression,
    pub name: Arc<str>,
    pub name_span: Span,
    /// `.?name`: null when there is no such member.
    pub is_safe: bool,
}

#[derive(Debug, Clone)]
pub struct Index {
    pub target: Expression,
    pub index: Expression,
    /// `[?0]`: null when there is no such element.
    pub is_safe: bool,
    /// `[^1]`: counted from the end, from 1.
    pub is_from_end: bool,
}

#[derive(Debug, Clone)]
pub struct Lambda {
    pub parameters: Vec<Arc<str>>,
    pub body: Expression,
}

#[derive(Debug, Clone)]
pub struct Copy {
    /// What `copyIndex('name')` calls the loop.
    pub name: Arc<str>,
    pub count: Expression,
    pub body: Expression,
}

impl Expression {
    pub fn new(kind: ExpressionKind, span: Span) -> Self {
        Expression { kind, span }
    }

    /// The text when it is written out.
    pub fn as_text(&self) -> Option<&Arc<str>> {
        match &self.kind {
            ExpressionKind::Text(text) => Some(text),
            _ => None,
        }
    }

    /// A call of one of ARM's own functions, at the place of the text that it stands for.
    pub fn call(name: &str, arguments: Vec<Expression>, span: Span) -> Self {
        let call = Call {
            namespace: None,
            name: name.into(),
            name_span: span,
            arguments,
        };
        Expression::new(ExpressionKind::Call(Box::new(call)), span)
    }
}

impl Member {
    pub fn plain(name: impl Into<Arc<str>>, span: Span, value: Expression) -> Self {
        Member::Named {
            name: Name::Plain {
                text: name.into(),
                span,
            },
            value,
        }
    }
}
