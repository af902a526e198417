//! What an evaluator is told about the resources and modules of a cloud, since it knows none itself.

/// Which resources count, and modules that are known without their files.
pub trait Catalogue {
    /// Whether resources of a type are asked for. Others are left out of a deployment.
    fn takes_part(&self, schema: &str) -> bool;

    /// Whether an attribute of resources is looked at. One that is not is evaluated only for whoever refers to it.
    fn reads(&self, attribute: &str) -> bool {
        let _ = attribute;
        true
    }

    /// The module that a call takes from a registry or a repository, as far as it is known.
    fn module(&self, source: &str, version: Option<&str>) -> Option<KnownModule> {
        let _ = (source, version);
        None
    }

    /// Whether a module, known or not, surely deploys no resource that takes part: then nothing is missing
    /// when its files are not there.
    fn is_unrelated(&self, source: &str) -> bool {
        let _ = source;
        false
    }
}

impl<F: Fn(&str) -> bool> Catalogue for F {
    fn takes_part(&self, schema: &str) -> bool {
        self(schema)
    }
}

/// What a module makes of its inputs: a module in the language of the call, with the same inputs and outputs,
/// that holds what counts of it.
#[derive(Debug, Clone)]
pub struct KnownModule {
    /// Where its text stands among the sources. No finding ever names it.
    pub path: &'static str,
    pub text: &'static str,
    /// The published versions that the call admits; never empty.
    pub versions: Vec<Version>,
}

/// Major, minor and patch.
pub type Version = [u32; 3];

impl KnownModule {
    /// What a switch of the module is: `since_7_2_0` is true if every version that the call admits is at
    /// least that one. `Err` where some are and some are not; none when the name is no switch.
    pub fn switch(&self, name: &str) -> Option<Result<bool, Undecided>> {
        let mut numbers = name.strip_prefix("since_")?.split('_');
        let mut number = || numbers.next().map_or(Some(0), |number| number.parse().ok());
        let since: Version = [number()?, number()?, number()?];
        let newer = self.versions.iter().filter(|version| **version >= since).count();
        Some(match newer {
            0 => Ok(false),
            all if all == self.versions.len() => Ok(true),
            _ => Err(Undecided),
        })
    }
}

/// It depends on which version of a module is taken.
#[derive(Debug, Clone, Copy)]
pub struct Undecided;
