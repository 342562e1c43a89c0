//! Reading a trace from its line, with an error that names the member.

use std::rc::Rc;

use cmdlib::field::{Field, Misfit, Params, member};
use cmdlib::jobs::Submission;
use cmdlib::locking::Level;
use indexmap::IndexMap;
use serde_json::Value;

use super::event::{Answer, AskedLock, Call, CalledNode, Env, Event, LockCall, LockKind, LockName, PerNode, Question};
use super::{Change, Ending, Mode, Trace, env};
use crate::replay::corpus::{Shelf, TraceError, expand};

/// The call whose third argument is an environment.
const HOOKS: &str = "hooks_runner";

pub(super) fn trace(line: &str, shelf: Option<&Shelf>) -> Result<Trace, TraceError> {
    let value: Value = serde_json::from_str(line).map_err(|error| TraceError::of_text(format!("not JSON: {error}")))?;
    let Value::Object(mut members) = value else {
        return Err(TraceError::of_text(Misfit::new("an object", &value).to_string()));
    };
    let config =
        members.remove("config").ok_or_else(|| TraceError::of_text("config: expected a value, got nothing"))?;
    let config = match (config, shelf) {
        (Value::String(id), Some(shelf)) => shelf.config(&id)?,
        (Value::String(id), None) => {
            return Err(TraceError::of_text(format!(
                "it refers to the configuration {id}, and there is no configs.jsonl beside it"
            )));
        }
        (document @ Value::Object(_), shelf) => Rc::new(expand(document, shelf)?),
        (other, _) => {
            let wanted = "the id of a configuration, or one in full";
            return Err(TraceError::of_text(Misfit::new(wanted, &other).within("config").to_string()));
        }
    };
    let Value::Object(members) = expand(Value::Object(members), shelf)? else { unreachable!("an object stays one") };
    whole(members, config).map_err(|misfit| TraceError::of_text(misfit.to_string()))
}

fn whole(mut members: Params, config: Rc<Value>) -> Result<Trace, Misfit> {
    // They are nearly all of a trace: not copied.
    let all = members.get_mut("events").map(Value::take).ok_or_else(|| Misfit::missing("a value")).and_then(Vec::take);
    let members = &members;
    let op: Params = member(members, "op")?;
    let mode = match member::<String>(members, "mode")?.as_str() {
        "blocking" => Mode::Blocking,
        "timed" => Mode::Timed,
        _ => return Err(Misfit::new("`blocking` or `timed`", &members["mode"]).within("mode")),
    };
    Ok(Trace {
        id: member(members, "id")?,
        origin: member::<Option<String>>(members, "origin")?.unwrap_or_default(),
        lu: member(members, "lu")?,
        op: op.into(),
        config,
        mode,
        now: member(members, "now")?,
        events: all.and_then(|all| events(&all)).map_err(|misfit| misfit.within("events"))?,
        ending: ending(&member(members, "outcome")?).map_err(|misfit| misfit.within("outcome"))?,
        changes: member::<Vec<Params>>(members, "changes")?.iter().map(change).collect::<Result<_, _>>()?,
        unordered: member::<Option<bool>>(members, "unordered")?.unwrap_or(false),
    })
}

fn ending(members: &Params) -> Result<Ending, Misfit> {
    if let Some(result) = members.get("result") {
        return Ok(Ending::Result(result.clone()));
    }
    let text = || member::<Option<String>>(members, "text").map(Option::unwrap_or_default);
    if members.contains_key("error") {
        return Ok(Ending::Error { class: member(members, "error")?, code: member(members, "code")?, text: text()? });
    }
    if members.contains_key("crash") {
        let place = member::<Option<String>>(members, "where")?.unwrap_or_default();
        return Ok(Ending::Crash { class: member(members, "crash")?, text: text()?, place });
    }
    if members.get("lock_timeout") == Some(&Value::Bool(true)) {
        return Ok(Ending::LockTimeout);
    }
    Err(Misfit::new("a result, an error, a lock_timeout or a crash", &members.clone().into()))
}

fn change(members: &Params) -> Result<Change, Misfit> {
    let step = |step: &Value| match step {
        Value::String(key) => Ok(key.clone()),
        Value::Number(index) => Ok(index.to_string()),
        other => Err(Misfit::new("a key or an index", other).within("path").within("changes")),
    };
    let path = member::<Vec<Value>>(members, "path").map_err(|misfit| misfit.within("changes"))?;
    let path = path.iter().map(step).collect::<Result<_, _>>()?;
    Ok(Change { path, before: members.get("before").cloned(), after: members.get("after").cloned() })
}

fn events(all: &[Params]) -> Result<Vec<Event>, Misfit> {
    let mut envs: Vec<Option<Env>> = Vec::with_capacity(all.len());
    let mut out = Vec::with_capacity(all.len());
    for (index, members) in all.iter().enumerate() {
        let event = event(members, &envs).map_err(|misfit| misfit.within(&format!("[{index}]")))?;
        envs.push(match &event {
            Event::Call(call) if call.procedure == HOOKS => env_of(call),
            _ => None,
        });
        out.push(event);
    }
    Ok(out)
}

fn env_of(call: &Call) -> Option<Env> {
    let env = call.nodes.first()?.args.get(2)?.as_object()?;
    Some(env.iter().map(|(name, value)| (name.clone(), value.clone())).collect())
}

fn event(members: &Params, envs: &[Option<Env>]) -> Result<Event, Misfit> {
    let has = |key: &str| members.contains_key(key);
    if has("locks") && has("call") {
        return locks(members);
    }
    if has("start") {
        return Ok(Event::Start);
    }
    if has("retry") {
        return Ok(Event::Retry);
    }
    if has("rpc") {
        return call(members, envs).map(Event::Call);
    }
    if has("wconfd") {
        let args = member::<Option<Vec<Value>>>(members, "args")?.unwrap_or_default();
        return Ok(Event::Daemon(member(members, "wconfd")?, args));
    }
    if has("random") {
        return Ok(Event::Random(member(members, "random")?, member(members, "value")?));
    }
    if has("host") {
        return question(members).map(Event::Host);
    }
    if has("sleep") {
        let times = member::<Option<u64>>(members, "times")?.unwrap_or(1);
        return Ok(Event::Sleep(member::<f64>(members, "sleep")? * times as f64));
    }
    if has("jobs") {
        return Ok(Event::Jobs(member(members, "jobs")?, member::<Vec<Submission>>(members, "ids")?));
    }
    if has("log") {
        let (kind, content) = member(members, "log")?;
        return Ok(Event::Log(kind, content));
    }
    let wanted = "an event (locks, start, retry, rpc, wconfd, random, host, sleep, jobs or log)";
    Err(Misfit::new(wanted, &members.clone().into()))
}

fn level(name: &str) -> Option<Level> {
    [Level::Cluster].into_iter().chain(Level::ALL).find(|level| level.as_str() == name)
}

fn lock_name(text: &str) -> Result<(Level, LockName), Misfit> {
    let parts = text.split_once('/').and_then(|(of, name)| Some((level(of)?, name)));
    let (level, name) = parts.ok_or_else(|| Misfit::new("a lock as `level/name`", &text.into()))?;
    Ok((level, if name == "[lockset]" { LockName::All } else { LockName::One(name.to_owned()) }))
}

fn locks(members: &Params) -> Result<Event, Misfit> {
    let asked = |(name, kind): &(String, String)| {
        let (level, name) = lock_name(name)?;
        let kind = match kind.as_str() {
            "shared" => LockKind::Shared,
            "exclusive" => LockKind::Exclusive,
            "release" => LockKind::Release,
            other => return Err(Misfit::new("shared, exclusive or release", &other.into())),
        };
        Ok(AskedLock { level, name, kind })
    };
    let locks: Vec<(String, String)> = member(members, "locks")?;
    let locks = locks.iter().map(asked).collect::<Result<Vec<_>, _>>().map_err(|misfit| misfit.within("locks"))?;
    let of_level = || {
        let name: String = member(members, "level")?;
        level(&name).ok_or_else(|| Misfit::new("a level of locks", &name.into()).within("level"))
    };
    let call = match member::<String>(members, "call")?.as_str() {
        "wait" => LockCall::Wait(member(members, "granted")?),
        "try" => LockCall::Try,
        "opportunistic" => {
            let granted: Vec<String> = match members.get("granted") {
                // Not even the least number was free.
                Some(Value::Bool(false)) => Vec::new(),
                _ => member(members, "granted")?,
            };
            let granted = granted.iter().map(|name| lock_name(name)).collect::<Result<_, _>>();
            LockCall::Opportunistic(granted.map_err(|misfit: Misfit| misfit.within("granted"))?)
        }
        "free_level" => LockCall::FreeLevel(of_level()?),
        "downgrade_level" => LockCall::DowngradeLevel(of_level()?),
        _ => return Err(Misfit::new("a way of asking for locks", &members["call"]).within("call")),
    };
    Ok(Event::Locks(call, locks))
}

fn call(members: &Params, envs: &[Option<Env>]) -> Result<Call, Misfit> {
    let procedure: String = member(members, "rpc")?;
    let mut args: Option<Vec<Value>> = member(members, "args")?;
    let env = args.as_ref().and_then(|args| args.get(2)).and_then(Value::as_object).filter(|_| procedure == HOOKS);
    let env = env.map(|env| env::complete(env, envs)).transpose();
    let env = env.map_err(|misfit| misfit.within("[2]").within("args"))?;
    if let (Some(args), Some(env)) = (&mut args, env) {
        args[2] = Value::Object(env.into_iter().collect());
    }
    let args = args.map(Rc::new);
    let per_node: Option<PerNode> = member(members, "args_per_node")?;
    let answers: IndexMap<String, Params> = member(members, "answers")?;
    let node = |(key, name, contacted): (String, String, bool)| {
        let own = per_node.as_ref().and_then(|all| all.get(&key)).map(|args| Rc::new(args.clone()));
        let args = own.or_else(|| args.clone()).unwrap_or_default();
        let answer = answers.get(&key).map_or(Ok(Answer::Offline), answer);
        let answer = answer.map_err(|misfit| misfit.within(&key).within("answers"))?;
        Ok(CalledNode { key, name, contacted, args, answer })
    };
    let nodes: Vec<(String, String, bool)> = member(members, "nodes")?;
    let nodes = nodes.into_iter().map(node).collect::<Result<_, Misfit>>()?;
    Ok(Call { procedure, nodes, timeout: member(members, "timeout")? })
}

fn answer(members: &Params) -> Result<Answer, Misfit> {
    if let Some(payload) = members.get("ok") {
        return Ok(Answer::Ok(payload.clone()));
    }
    let text = |key: &str| -> Result<String, Misfit> {
        // A few answers carry something else than a text where one belongs.
        Ok(members.get(key).map(|it| it.as_str().map_or_else(|| it.to_string(), str::to_owned)).unwrap_or_default())
    };
    if members.contains_key("fail") {
        return text("fail").map(Answer::Fail);
    }
    if members.contains_key("failed") {
        return text("failed").map(Answer::Failed);
    }
    if members.contains_key("offline") {
        return Ok(Answer::Offline);
    }
    Err(Misfit::new("an answer (ok, fail, failed or offline)", &members.clone().into()))
}

fn question(members: &Params) -> Result<Question, Misfit> {
    let kind: String = member(members, "host")?;
    let took = member::<Option<f64>>(members, "took")?.unwrap_or(0.0);
    let answer = match members.get("error") {
        Some(error) => Err(Vec::read(error).map_err(|misfit| misfit.within("error"))?),
        None => Ok(members.get("answer").cloned().unwrap_or(Value::Null)),
    };
    Ok(Question { kind, args: member::<Option<Vec<Value>>>(members, "args")?.unwrap_or_default(), answer, took })
}
