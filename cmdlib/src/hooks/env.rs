//! The environment of scripts.

use std::collections::BTreeMap;
use std::ops::Deref;
use std::sync::Arc;

use serde_json::Value;

use crate::config::{Data, Gone};
use crate::error::Failure;
use crate::field::{Field, Misfit};
use crate::hooks::{HookPhase, HookRun};
use crate::lazy::Lazy;
use crate::rpc::{Argument, Encode, Wire};

/// Variables of a logical unit, without their prefix. Of several with one name the last one counts.
///
/// ```
/// use cmdlib::hooks::Env;
///
/// let mut env = Env::from([("GROUP_NAME".to_owned(), "default".to_owned())]);
/// env.insert("FORCE".to_owned(), "False".to_owned());
/// assert_eq!(env.iter().collect::<Vec<_>>(), [("GROUP_NAME", "default"), ("FORCE", "False")]);
/// ```
#[derive(Debug, Clone, Default)]
pub struct Env(Vec<(String, String)>);

impl Env {
    /// Returns no variables.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a variable.
    pub fn insert(&mut self, name: String, value: String) {
        self.0.push((name, value));
    }

    /// Returns names and values, in the order in which they were added.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

impl<const N: usize> From<[(String, String); N]> for Env {
    fn from(variables: [(String, String); N]) -> Self {
        Self(variables.into())
    }
}

impl FromIterator<(String, String)> for Env {
    fn from_iter<I: IntoIterator<Item = (String, String)>>(variables: I) -> Self {
        Self(variables.into_iter().collect())
    }
}

impl Extend<(String, String)> for Env {
    fn extend<I: IntoIterator<Item = (String, String)>>(&mut self, variables: I) {
        self.0.extend(variables);
    }
}

/// The general variables, which all scripts get and no unit may have.
pub const GENERAL: [&str; 9] = [
    "PATH",
    "GANETI_HOOKS_VERSION",
    "GANETI_OP_CODE",
    "GANETI_DATA_DIR",
    "GANETI_HOOKS_PHASE",
    "GANETI_HOOKS_PATH",
    "GANETI_OBJECT_TYPE",
    "GANETI_CLUSTER",
    "GANETI_MASTER",
];
const SEARCH_PATH: &str = "/sbin:/bin:/usr/sbin:/usr/bin";
const DATA_DIR: &str = "/var/lib/ganeti";
const VERSION: &str = "2";
const PREFIX: &str = "GANETI_";

/// All variables that scripts get, by their full names. They are put together when somebody looks at them.
#[derive(Debug, Clone)]
pub struct Environment {
    unit: Vec<Arc<Env>>,
    all: Lazy<BTreeMap<String, String>>,
}

impl Environment {
    /// Returns the environment of scripts: the general variables, the unit's, and after the execution those of then as well.
    ///
    /// # Errors
    /// The unit has a variable of a general name: an error of its programmer.
    pub(crate) fn new(
        op: &str,
        run: Option<&HookRun>,
        path: &str,
        phase: HookPhase,
        (before, after): (&Arc<Env>, Option<&Arc<Env>>),
        config: &Data,
    ) -> Result<Self, Failure> {
        let is_of_unit = |name: &str| before.iter().any(|(own, _)| own == name);
        let clash = |name: &&&str| name.strip_prefix(PREFIX).is_some_and(is_of_unit);
        if let Some(name) = GENERAL.iter().find(clash) {
            return Err(Failure::new(format!("the unit's hook variable {name} has the name of a general one")));
        }
        let mut general = vec![
            ("PATH", SEARCH_PATH.to_owned()),
            ("GANETI_HOOKS_VERSION", VERSION.to_owned()),
            ("GANETI_OP_CODE", op.to_owned()),
            ("GANETI_DATA_DIR", DATA_DIR.to_owned()),
            ("GANETI_HOOKS_PHASE", phase.as_str().to_owned()),
            ("GANETI_HOOKS_PATH", path.to_owned()),
            ("GANETI_CLUSTER", config.cluster.cluster_name.clone()),
            ("GANETI_MASTER", config.master_name()),
        ];
        general.extend(run.map(|run| ("GANETI_OBJECT_TYPE", run.object.as_str().to_owned())));
        let unit: Vec<Arc<Env>> = [before].into_iter().chain(after).cloned().collect();
        let maps = unit.clone();
        let all = Lazy::new(move || {
            let of_unit = maps.iter().zip([PREFIX, "GANETI_POST_"]).flat_map(|(variables, prefix)| {
                variables.iter().map(move |(name, value)| ([prefix, name].concat(), value.to_owned()))
            });
            general.into_iter().map(|(name, value)| (name.to_owned(), value)).chain(of_unit).collect()
        });
        Ok(Self { unit, all })
    }

    /// Returns the values of the unit's own variables.
    pub fn values_of_unit(&self) -> impl Iterator<Item = &str> {
        self.unit.iter().flat_map(|variables| variables.iter()).map(|(_, value)| value)
    }
}

impl Deref for Environment {
    type Target = BTreeMap<String, String>;

    fn deref(&self) -> &BTreeMap<String, String> {
        &self.all
    }
}

impl Wire for Environment {
    fn wire(&self, _: &Encode) -> Result<Argument, Gone> {
        let all = self.all.clone();
        Ok(Argument::later(move || all.write()))
    }
    /// Which variables are the unit's is not known of what was sent: all count as its own.
    fn from_wire(value: &Value) -> Result<Self, Misfit> {
        let all: BTreeMap<String, String> = Field::read(value)?;
        Ok(Self { unit: vec![Arc::new(all.clone().into_iter().collect())], all: Lazy::new(|| all) })
    }
}
