//! What a rule says into: findings, with the facts they rest on.

use std::sync::Arc;

use crate::calendar::Date;
use crate::eval::deployment::Presence;
use crate::eval::provenance::{Provenance, Via};
use crate::finding::{Confidence, Metadata, Severity};
use crate::model::attr::{Attr, Fact, Owner, Site};
use crate::source::Span;

use super::remedy::Remedy;

/// Collects the findings of one run of one rule.
#[derive(Debug)]
pub struct Report {
    /// The day for which dated rules judge.
    pub as_of: Date,
    rule: &'static Metadata,
    drafts: Vec<Draft>,
}

/// A finding before it is known which of its steps lie in files that the user owns.
#[derive(Debug, Clone)]
pub struct Draft {
    pub(crate) rule: &'static Metadata,
    pub(crate) severity: Severity,
    pub(crate) confidence: Confidence,
    pub(crate) message: String,
    pub(crate) help: Option<String>,
    pub(crate) azure_error: Option<&'static str>,
    pub(crate) primary: Blame,
    pub(crate) because: Vec<(Blame, String)>,
    /// The best first.
    pub(crate) remedies: Vec<Remedy>,
    /// What the fault is one of, where that is not the property to blame.
    pub(crate) about: Option<Arc<Site>>,
}

/// A fact without its value.
#[derive(Debug, Clone)]
pub struct Blame {
    pub(crate) from: Provenance,
    pub(crate) site: Arc<Site>,
}

impl Blame {
    /// A place that belongs to no resource: text that does not parse, a module that is not there.
    pub fn place(span: Span) -> Self {
        Blame {
            from: Provenance::new(Via::Use, span),
            site: Arc::new(Site {
                owner: Arc::new(Owner {
                    resource: String::new(),
                    header: span,
                    block: span,
                    presence: Presence::Certain,
                }),
                property: "".into(),
            }),
        }
    }
}

impl<T: ?Sized> From<Fact<'_, T>> for Blame {
    fn from(fact: Fact<'_, T>) -> Self {
        Blame {
            from: fact.from.clone(),
            site: fact.site.clone(),
        }
    }
}

/// Where a property is not written.
impl From<(Provenance, Arc<Site>)> for Blame {
    fn from((from, site): (Provenance, Arc<Site>)) -> Self {
        Blame { from, site }
    }
}

impl Report {
    pub(crate) fn new(rule: &'static Metadata, as_of: Date) -> Self {
        Report {
            as_of,
            rule,
            drafts: Vec::new(),
        }
    }

    /// A fault of this fact. The message names the real values; it is one line without a full stop.
    pub fn finding(&mut self, fact: impl Into<Blame>, message: impl Into<String>) -> &mut Draft {
        let index = self.drafts.len();
        self.drafts.push(Draft {
            rule: self.rule,
            severity: self.rule.severity,
            confidence: self.rule.confidence,
            message: message.into(),
            help: None,
            azure_error: None,
            primary: fact.into(),
            because: Vec::new(),
            remedies: Vec::new(),
            about: None,
        });
        &mut self.drafts[index]
    }

    pub(crate) fn into_drafts(self) -> Vec<Draft> {
        self.drafts
    }
}

impl Draft {
    /// Another fact that took part, and what it contributed: "this subnet is in the cluster's network".
    pub fn because(&mut self, fact: impl Into<Blame>, text: impl Into<String>) -> &mut Self {
        self.because.push((fact.into(), text.into()));
        self
    }

    /// The smallest change that works, as an imperative sentence.
    pub fn help(&mut self, text: impl Into<String>) -> &mut Self {
        self.help = Some(text.into());
        self
    }

    /// The error code that Azure answers with (facts.md names its sources).
    pub fn azure_error(&mut self, code: &'static str) -> &mut Self {
        self.azure_error = Some(code);
        self
    }

    pub fn severity(&mut self, severity: Severity) -> &mut Self {
        self.severity = severity;
        self
    }

    pub fn confidence(&mut self, confidence: Confidence) -> &mut Self {
        self.confidence = confidence;
        self
    }

    /// The resource or block that the fault is one of, where the property to blame for it can be another
    /// one from world to world: the node pool that is the largest.
    pub fn about(&mut self, subject: &Attr<()>) -> &mut Self {
        self.about = Some(subject.site.clone());
        self
    }

    /// Two drafts with the same key are the same fault in different worlds. What belongs to no resource is
    /// told apart by its place.
    pub(crate) fn key(&self) -> (&'static str, &str, &str, Option<Span>) {
        let site = self.about.as_ref().unwrap_or(&self.primary.site);
        let place = site.owner.resource.is_empty().then_some(site.owner.block);
        (self.rule.code, &site.owner.resource, &site.property, place)
    }
}
