//! Calls: functions of the language and the file, of other files, and of resources.

use super::Lowering;
use super::names::Meaning;
use crate::eval::arm::reader::KEY_VAULT_SECRET;
use crate::source::Span;
use crate::syntax::arm::expression::{Access, Call, Expression, ExpressionKind};
use crate::syntax::bicep::tree::{self, ExpressionKind as Kind};

/// The namespaces whose functions need no namespace.
const OWN_NAMESPACES: [&str; 2] = ["az", "sys"];

impl<'t> Lowering<'t> {
    pub(super) fn call(&mut self, call: &'t tree::Call, span: Span) -> Expression {
        let name = call.name.text.as_ref();
        let target = match &call.target {
            Some(target) => match &target.kind {
                Kind::Name(namespace) => match self.meaning(namespace) {
                    Some(Meaning::Imports) => return self.plain(call, Some(namespace.clone()), span),
                    None if OWN_NAMESPACES.contains(&namespace.as_ref()) => None,
                    _ => Some(target),
                },
                _ => Some(target),
            },
            None => None,
        };
        let Some(target) = target else {
            return match (name, call.arguments.as_slice()) {
                ("any", [only]) => self.expression(only),
                ("nameof", [only]) => match last_name(only) {
                    Some(name) => Expression::new(ExpressionKind::Text(name.clone()), span),
                    None => Expression::new(ExpressionKind::Broken, span),
                },
                ("getSecret", _) => Expression::call(KEY_VAULT_SECRET, Vec::new(), span),
                _ => self.plain(call, None, span),
            };
        };
        if name == "getSecret" {
            return Expression::call(KEY_VAULT_SECRET, Vec::new(), span);
        }
        // `account.listKeys()` is `listKeys(account.id)`.
        let id = Access {
            target: self.expression(target),
            name: "id".into(),
            name_span: target.span,
            is_safe: false,
        };
        let mut lowered = self.plain(call, None, span);
        if let ExpressionKind::Call(inner) = &mut lowered.kind {
            let id = Expression::new(ExpressionKind::Member(Box::new(id)), target.span);
            inner.arguments.insert(0, id);
        }
        lowered
    }

    fn plain(
        &mut self,
        call: &'t tree::Call,
        namespace: Option<std::sync::Arc<str>>,
        span: Span,
    ) -> Expression {
        let arguments = call
            .arguments
            .iter()
            .map(|argument| self.expression(argument))
            .collect();
        let call = Call {
            namespace,
            name: call.name.text.clone(),
            name_span: call.name.span,
            arguments,
        };
        Expression::new(ExpressionKind::Call(Box::new(call)), span)
    }
}

/// What `nameof(a.b)` gives.
fn last_name(of: &tree::Expression) -> Option<&std::sync::Arc<str>> {
    match &of.kind {
        Kind::Name(name) => Some(name),
        Kind::Member(member) => Some(&member.name.text),
        Kind::Nested(_, name) => Some(&name.text),
        Kind::Index(index) => last_name(&index.target),
        Kind::Parenthesised(inner) | Kind::NotNull(inner) => last_name(inner),
        _ => None,
    }
}
