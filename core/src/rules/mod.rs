//! The rules, one file each. A rule knows no language and no syntax: it reads the network through a view
//! and says what Microsoft's documentation says.

mod declaration;
mod report;
mod run;

pub use declaration::{Check, Rule};
pub use report::{Blame, Draft, Report};
pub use run::{Outcome, run};

pub(crate) use declaration::rule;

/// Adds a rule: its file's name, in the order of the codes. Nothing else lists rules.
macro_rules! rules {
    ($($category:ident { $($rule:ident,)* })*) => {
        $(pub mod $category { $(pub mod $rule;)* })*

        /// All rules, by code.
        pub static ALL: &[&Rule] = &[$($(&$category::$rule::RULE,)*)*];
    };
}

rules! {
    input {
        syntax_error,
        module_not_found,
        unknown_value,
    }
    address_space {
    }
    capacity {
    }
    compatibility {
    }
    subnet {
    }
    nsg {
    }
    identity {
    }
    exposure {
    }
    deprecation {
        kubenet_retirement,
    }
}

/// The rule with this code or name.
pub fn find(code_or_name: &str) -> Option<&'static Rule> {
    ALL.iter().copied().find(|rule| {
        rule.metadata.code.eq_ignore_ascii_case(code_or_name) || rule.metadata.name == code_or_name
    })
}
