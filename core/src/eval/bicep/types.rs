//! Types, as far as they matter while a parameter's value is unknown.

use super::Lowering;
use crate::eval::arm::template::Shape;
use crate::syntax::arm::expression::{Expression, ExpressionKind, Item};
use crate::syntax::bicep::tree::{self, Decorator, ExpressionKind as Kind, Type, TypeKind, UnaryOperator};

/// How many names of types may lead to each other.
const NAMES: usize = 32;

/// What a type says of a value.
#[derive(Default)]
pub(super) struct Meant {
    pub(super) shape: Shape,
    pub(super) is_nullable: bool,
    pub(super) is_secure: bool,
    /// The values of a union of literals.
    pub(super) allowed: Option<Vec<Expression>>,
}

impl Meant {
    fn of(shape: Shape) -> Self {
        Meant {
            shape,
            ..Meant::default()
        }
    }
}

impl Lowering<'_> {
    pub(super) fn meant(&self, declared: &Type) -> Meant {
        self.meant_within(declared, NAMES)
    }

    fn meant_within(&self, declared: &Type, names: usize) -> Meant {
        match &declared.kind {
            TypeKind::Name(name) => self.named_type(name, names),
            TypeKind::Array(_) | TypeKind::Tuple(_) => Meant::of(Shape::Array),
            TypeKind::Object(_) => Meant::of(Shape::Object),
            TypeKind::Nullable(of) => Meant {
                is_nullable: true,
                ..self.meant_within(of, names)
            },
            TypeKind::Literal(literal) => {
                let value = written_out(literal);
                match value.kind {
                    ExpressionKind::Null => Meant {
                        is_nullable: true,
                        allowed: Some(Vec::new()),
                        ..Meant::of(Shape::Any)
                    },
                    _ => Meant {
                        allowed: Some(vec![value]),
                        ..Meant::of(Shape::Scalar)
                    },
                }
            }
            TypeKind::Union(members) => self.union(members, names),
            TypeKind::Part(of, part) => match self.part(of, part, names) {
                Some(found) => self.meant_within(&found, names),
                None => Meant::default(),
            },
            // `sys.string` is a part too; what another file or Azure's schema says is not looked up.
            TypeKind::Parameterised { .. } | TypeKind::Other | TypeKind::Broken => Meant::default(),
        }
    }

    fn named_type(&self, name: &str, names: usize) -> Meant {
        let found = self.names.types.get(name).copied();
        if let (Some((declared, statement)), Some(names)) = (found, names.checked_sub(1)) {
            let mut meant = self.meant_within(declared, names);
            meant.is_secure |= is_decorated(&statement.decorators, "secure");
            return meant;
        }
        Meant::of(match name {
            "string" | "int" | "bool" => Shape::Scalar,
            "array" => Shape::Array,
            "object" => Shape::Object,
            _ => Shape::Any,
        })
    }

    fn union(&self, members: &[Type], names: usize) -> Meant {
        let mut union = Meant {
            allowed: Some(Vec::new()),
            ..Meant::default()
        };
        let mut shapes = Vec::new();
        for member in members {
            let meant = self.meant_within(member, names);
            union.is_nullable |= meant.is_nullable;
            let is_null = meant.shape == Shape::Any && meant.is_nullable;
            if !is_null {
                shapes.push(meant.shape);
            }
            match (&mut union.allowed, meant.allowed) {
                (Some(all), Some(more)) => all.extend(more),
                (all, _) => *all = None,
            }
        }
        if let Some((first, rest)) = shapes.split_first()
            && rest.iter().all(|shape| shape == first)
        {
            union.shape = *first;
        }
        union
    }

    /// A part of a type that this file declares.
    fn part(&self, of: &Type, part: &str, names: usize) -> Option<Type> {
        let names = names.checked_sub(1)?;
        let whole = match &of.kind {
            TypeKind::Name(name) if name.as_ref() == "sys" => {
                return Some(Type {
                    kind: TypeKind::Name(part.into()),
                    span: of.span,
                });
            }
            TypeKind::Name(name) => self.names.types.get(&**name)?.0.clone(),
            TypeKind::Part(inner, name) => self.part(inner, name, names)?,
            TypeKind::Nullable(inner) => (**inner).clone(),
            _ => of.clone(),
        };
        match (whole.kind, part) {
            (kind @ (TypeKind::Name(_) | TypeKind::Part(..) | TypeKind::Nullable(_)), _) => {
                let whole = Type { kind, span: of.span };
                self.part(&whole, part, names)
            }
            (TypeKind::Array(item), "*") => Some(*item),
            (TypeKind::Tuple(items), index) => items.get(index.parse::<usize>().ok()?).cloned(),
            (TypeKind::Object(members), name) => {
                let wanted = members.into_iter().find(|member| match &member.name {
                    Some(known) => known.text.as_ref() == name,
                    None => name == "*",
                })?;
                Some(wanted.value)
            }
            _ => None,
        }
    }

    /// The values as an array, for the declaration of a parameter.
    pub(super) fn array_of(values: Vec<Expression>, declared: &Type) -> Expression {
        let items = values.into_iter().map(Item::One).collect();
        Expression::new(ExpressionKind::Array(items), declared.span)
    }
}

/// A literal of a type.
fn written_out(literal: &tree::Expression) -> Expression {
    let kind = match &literal.kind {
        Kind::Null => ExpressionKind::Null,
        Kind::Boolean(value) => ExpressionKind::Boolean(*value),
        Kind::Integer(digits) => ExpressionKind::Number(digits.clone()),
        Kind::Text(text) => ExpressionKind::Text(text.clone()),
        Kind::Unary(operator, operand) => match (operator, written_out(operand).kind) {
            (UnaryOperator::Minus, ExpressionKind::Number(digits)) => {
                ExpressionKind::Number(format!("-{digits}").into())
            }
            (UnaryOperator::Not, ExpressionKind::Boolean(value)) => ExpressionKind::Boolean(!value),
            (_, kind) => kind,
        },
        _ => ExpressionKind::Broken,
    };
    Expression::new(kind, literal.span)
}

/// Whether something is decorated so, with the namespace or without.
pub(super) fn is_decorated(decorators: &[Decorator], name: &str) -> bool {
    decorator(decorators, name).is_some()
}

/// The arguments of a decorator.
pub(super) fn decorator<'d>(decorators: &'d [Decorator], name: &str) -> Option<&'d [tree::Expression]> {
    decorators
        .iter()
        .find_map(|decorator| match &decorator.call.kind {
            Kind::Call(call) if call.name.text.as_ref() == name => {
                let is_own = match call.target.as_ref().map(|target| &target.kind) {
                    None => true,
                    Some(Kind::Name(namespace)) => namespace.as_ref() == "sys",
                    Some(_) => false,
                };
                is_own.then_some(call.arguments.as_slice())
            }
            _ => None,
        })
}
