//! Environments of scripts: in a trace, a later one is told by what it has other than an earlier one.

use cmdlib::field::{Misfit, Params, member};
use cmdlib::hooks::GENERAL;
use serde_json::Value;

use super::event::Env;

/// Returns the copies that scripts after get of what scripts before were told; of general variables there are none.
pub(in crate::replay) fn copies<'a>(env: impl Iterator<Item = (&'a String, &'a Value)>) -> Vec<(String, Value)> {
    env.filter(|(name, _)| !GENERAL.contains(&name.as_str()))
        .filter_map(|(name, value)| Some((format!("GANETI_POST_{}", name.strip_prefix("GANETI_")?), value.clone())))
        .collect()
}

/// Returns an environment in full, with those of the events before at hand.
pub(super) fn complete(env: &Params, earlier: &[Option<Env>]) -> Result<Env, Misfit> {
    let Some(base) = env.get("$env") else {
        return Ok(env.iter().map(|(name, value)| (name.clone(), value.clone())).collect());
    };
    let of = |index: &Value| earlier.get(usize::try_from(index.as_u64()?).ok()?)?.clone();
    let mut out =
        of(base).ok_or_else(|| Misfit::new("the index of an earlier event with hooks", base).within("$env"))?;
    if member::<Option<bool>>(env, "mirror")?.unwrap_or(false) {
        let copies = copies(out.iter());
        out.extend(copies);
    }
    out.extend(member::<Option<Params>>(env, "set")?.unwrap_or_default());
    for name in member::<Option<Vec<String>>>(env, "unset")?.unwrap_or_default() {
        out.remove(&name);
    }
    Ok(out)
}
