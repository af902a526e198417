//! Templates: quoted strings with `${ }` or `%{ }`, and heredocs.
//!
//! Strip markers and the indentation of `<<-` are applied as Terraform applies them: to the literals
//! of the template text, a heredoc having one literal per line. A strip marker therefore never
//! removes white space of a second line.

use std::ops::Range;
use std::sync::Arc;

use hcl_edit::template as edit;
use hcl_edit::template::{Directive, Element};

use super::convert::{Place, expression};
use super::tree::{ExpressionKind, TemplatePart};

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Quoted,
    Heredoc,
    /// `<<-`
    IndentedHeredoc,
}

/// The parts of a template that is not inside an expression.
pub(super) fn standalone(template: &edit::Template, place: Place<'_>) -> Vec<TemplatePart> {
    let elements: Vec<&Element> = template.iter().collect();
    let mut literals = literals(&elements, Form::Heredoc, place).into_iter();
    parts(&elements, place, &mut literals)
}

/// The elements of one template: a string when they are only literal text.
pub(super) fn kind(elements: Vec<&Element>, form: Form, place: Place<'_>) -> ExpressionKind {
    let mut literals = literals(&elements, form, place).into_iter();
    let mut parts = parts(&elements, place, &mut literals);
    match parts.as_mut_slice() {
        [] => ExpressionKind::String("".into()),
        [TemplatePart::Literal(text, _)] => ExpressionKind::String(text.clone()),
        _ => ExpressionKind::Template(parts),
    }
}

/// The text of every literal element in the order of the text, stripped and without indentation.
fn literals(elements: &[&Element], form: Form, place: Place<'_>) -> Vec<String> {
    let mut tokens = Vec::new();
    let mut count = 0;
    collect(elements, form, false, place, &mut tokens, &mut count);
    strip(&mut tokens);
    if form == Form::IndentedHeredoc {
        remove_indentation(&mut tokens);
    }
    let mut literals = vec![String::new(); count];
    for token in tokens {
        if let Token::Literal { element, text } = token
            && let Some(literal) = literals.get_mut(element)
        {
            literal.push_str(&text);
        }
    }
    literals
}

/// The template in the order of the text, as Terraform's scanner divides it.
enum Token {
    Literal {
        /// Which literal element it is a line of.
        element: usize,
        text: String,
    },
    /// `${ }` or `%{ }`, with whether it strips before and behind itself.
    Sequence { before: bool, behind: bool },
}

fn sequence(strip: edit::Strip) -> Token {
    Token::Sequence {
        before: strip.strip_start(),
        behind: strip.strip_end(),
    }
}

fn collect(
    elements: &[&Element],
    form: Form,
    in_directive: bool,
    place: Place<'_>,
    tokens: &mut Vec<Token>,
    count: &mut usize,
) {
    for element in elements {
        match element {
            Element::Literal(literal) => {
                let element = *count;
                *count += 1;
                let written = place.written(&place.range(literal));
                if form == Form::Quoted {
                    place.check_one_line(&place.range(literal));
                    // hcl-edit leaves escapes in the text of a directive as they are.
                    let text = if in_directive {
                        unescaped(written)
                    } else {
                        literal.as_str().to_owned()
                    };
                    tokens.push(Token::Literal { element, text });
                } else {
                    let lines = written.split_inclusive('\n').map(|line| Token::Literal {
                        element,
                        text: line.replace("$${", "${").replace("%%{", "%{"),
                    });
                    tokens.extend(lines);
                }
            }
            Element::Interpolation(interpolation) => tokens.push(sequence(interpolation.strip)),
            Element::Directive(directive) => match directive.as_ref() {
                Directive::If(directive) => {
                    tokens.push(sequence(directive.if_expr.strip));
                    let elements: Vec<_> = directive.if_expr.template.iter().collect();
                    collect(&elements, form, true, place, tokens, count);
                    if let Some(otherwise) = &directive.else_expr {
                        tokens.push(sequence(otherwise.strip));
                        let elements: Vec<_> = otherwise.template.iter().collect();
                        collect(&elements, form, true, place, tokens, count);
                    }
                    tokens.push(sequence(directive.endif_expr.strip));
                }
                Directive::For(directive) => {
                    tokens.push(sequence(directive.for_expr.strip));
                    let elements: Vec<_> = directive.for_expr.template.iter().collect();
                    collect(&elements, form, true, place, tokens, count);
                    tokens.push(sequence(directive.endfor_expr.strip));
                }
            },
        }
    }
}

fn strip(tokens: &mut [Token]) {
    for index in 0..tokens.len() {
        let (before, behind) = match tokens.get(index) {
            Some(Token::Sequence { before, behind }) => (*before, *behind),
            _ => continue,
        };
        if before
            && let Some(previous) = index.checked_sub(1)
            && let Some(Token::Literal { text, .. }) = tokens.get_mut(previous)
        {
            text.truncate(text.trim_end().len());
        }
        if behind && let Some(Token::Literal { text, .. }) = tokens.get_mut(index + 1) {
            *text = text.trim_start().to_owned();
        }
    }
}

/// Removes from each line as many leading white space characters as the line with the fewest has. Blank
/// lines do not count; a line whose line end was stripped away belongs to the one before.
fn remove_indentation(tokens: &mut [Token]) {
    let mut at_line_start = true;
    let mut fewest = usize::MAX;
    let mut line_starts = Vec::new();
    for (index, token) in tokens.iter().enumerate() {
        let starts_line = std::mem::take(&mut at_line_start);
        match token {
            Token::Literal { text, .. } => {
                let is_blank = text.ends_with('\n') && text.trim_start().is_empty();
                if starts_line && !is_blank {
                    let spaces = text.chars().take_while(|letter| letter.is_whitespace()).count();
                    fewest = fewest.min(spaces);
                    line_starts.push(index);
                }
                at_line_start = text.ends_with('\n');
            }
            Token::Sequence { .. } if starts_line => fewest = 0,
            Token::Sequence { .. } => {}
        }
    }
    for index in line_starts {
        if let Some(Token::Literal { text, .. }) = tokens.get_mut(index) {
            *text = text.chars().skip(fewest).collect();
        }
    }
}

fn parts(
    elements: &[&Element],
    place: Place<'_>,
    literals: &mut std::vec::IntoIter<String>,
) -> Vec<TemplatePart> {
    let mut parts = Vec::with_capacity(elements.len());
    for element in elements {
        parts.push(match element {
            Element::Literal(literal) => {
                let text: Arc<str> = literals.next().unwrap_or_default().into();
                TemplatePart::Literal(text, place.span(&place.range(literal)))
            }
            Element::Interpolation(interpolation) => {
                TemplatePart::Interpolation(expression(&interpolation.expr, place))
            }
            Element::Directive(directive) => match directive.as_ref() {
                Directive::If(directive) => {
                    let yes: Vec<_> = directive.if_expr.template.iter().collect();
                    let no: Vec<_> = match &directive.else_expr {
                        Some(otherwise) => otherwise.template.iter().collect(),
                        None => Vec::new(),
                    };
                    TemplatePart::If {
                        test: expression(&directive.if_expr.cond_expr, place),
                        yes: self::parts(&yes, place, literals),
                        no: self::parts(&no, place, literals),
                    }
                }
                Directive::For(directive) => {
                    let intro = &directive.for_expr;
                    let name = |range: Range<usize>| -> Arc<str> { place.written(&range).into() };
                    let body: Vec<_> = intro.template.iter().collect();
                    TemplatePart::For {
                        key: intro.key_var.as_ref().map(|key| name(place.range(key))),
                        value: name(place.range(&intro.value_var)),
                        collection: expression(&intro.collection_expr, place),
                        body: self::parts(&body, place, literals),
                    }
                }
            },
        });
    }
    parts
}

/// The text of a quoted literal; an escape that the language does not have stays as it is.
pub(super) fn unescaped(written: &str) -> String {
    let mut text = String::with_capacity(written.len());
    let mut rest = written;
    while let Some(letter) = rest.chars().next() {
        let (plain, length) = match rest.as_bytes() {
            [b'$', b'$', b'{', ..] => ("${", 3),
            [b'%', b'%', b'{', ..] => ("%{", 3),
            [b'\\', b'n', ..] => ("\n", 2),
            [b'\\', b'r', ..] => ("\r", 2),
            [b'\\', b't', ..] => ("\t", 2),
            [b'\\', b'"', ..] => ("\"", 2),
            [b'\\', b'\\', ..] => ("\\", 2),
            [b'\\', kind @ (b'u' | b'U'), ..] => {
                let end = if *kind == b'u' { 6 } else { 10 };
                let number = rest
                    .get(2..end)
                    .and_then(|digits| u32::from_str_radix(digits, 16).ok());
                match number.and_then(char::from_u32) {
                    Some(letter) => {
                        text.push(letter);
                        ("", end)
                    }
                    None => ("\\", 1),
                }
            }
            _ => {
                text.push(letter);
                ("", letter.len_utf8())
            }
        };
        text.push_str(plain);
        rest = rest.get(length..).unwrap_or_default();
    }
    text
}
