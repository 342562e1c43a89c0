//! Functions that rules name: `name`, `name(argument)` or `not name(argument)`.

use std::fmt;

/// A function that a rule may name.
#[derive(Clone, Copy)]
pub(crate) struct Named<F: 'static> {
    pub(super) name: &'static str,
    /// So many arguments it takes.
    pub(super) arguments: usize,
    pub(super) function: F,
}

impl<F> fmt::Debug for Named<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// The use of such a function in a rule.
#[derive(Debug, Clone)]
pub(crate) struct Use<F: 'static> {
    pub(super) negated: bool,
    pub(super) named: Named<F>,
    pub(super) args: Vec<String>,
}

impl<F: Copy> Use<F> {
    /// Reads the use of one of the functions of a table.
    pub(super) fn read(text: &str, table: &[Named<F>]) -> Result<Self, String> {
        let (negated, rest) = text.trim().strip_prefix("not ").map_or((false, text.trim()), |rest| (true, rest.trim()));
        let (name, args) = match rest.split_once('(') {
            Some((name, args)) => {
                let args = args.strip_suffix(')').ok_or_else(|| format!("`{text}` has no closing parenthesis"))?;
                (name.trim(), args.split(',').map(|arg| arg.trim().to_owned()).collect())
            }
            None => (rest, Vec::new()),
        };
        let named = table.iter().find(|named| named.name == name).ok_or_else(|| {
            let names: Vec<&str> = table.iter().map(|named| named.name).collect();
            format!("there is no `{name}` (there are: {})", names.join(", "))
        })?;
        if args.len() != named.arguments || args.iter().any(String::is_empty) {
            let takes =
                if named.arguments == 1 { "1 argument".to_owned() } else { format!("{} arguments", named.arguments) };
            return Err(format!("`{name}` takes {takes} in parentheses, `{text}` has {}", args.len()));
        }
        Ok(Self { negated, named: *named, args })
    }

    pub(super) fn name(&self) -> &'static str {
        self.named.name
    }
}
