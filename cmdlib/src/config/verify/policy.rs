//! Instance policies: the cluster's, and what groups set of their own. What a group takes from the cluster is judged there.

use serde_json::Value;

use super::{FindingKind, Judge};
use crate::config::policy::TEMPLATES;
use crate::field::{Params, shortened};
use crate::params::{DiskTemplate, tables};

/// The ends of a range.
const ENDS: [&str; 2] = ["min", "max"];

impl Judge<'_> {
    /// Judges the entries that a policy has.
    pub(super) fn policy(&mut self, owner: &str, own: &Params) {
        for (key, value) in own {
            match key.as_str() {
                "minmax" => self.ranges(owner, value),
                "std" => self.specification(owner, "std", value),
                "spindle-ratio" | "vcpu-ratio" => self.ratio(owner, key, value),
                TEMPLATES => self.templates(owner, value),
                _ => {
                    let text = format!("the policy of {owner} has the unknown entry '{key}'");
                    self.find(FindingKind::PolicyEntry, text);
                }
            }
        }
    }

    pub(super) fn standard_is_whole(&mut self, standard: &Value) {
        let missing = missing_specs(standard);
        if !missing.is_empty() {
            let text = format!("the policy of the cluster has no standard value for {}", missing.join(", "));
            self.find(FindingKind::PolicyStandard, text);
        }
    }

    /// Judges that one range has room for all of the standard that there is. Without ranges in good order there is nothing to
    /// compare.
    pub(super) fn standard_fits(&mut self, standard: &Value, ranges: Option<&Value>) {
        let Some(Value::Array(ranges)) = ranges else { return };
        if ranges.is_empty() || ranges.iter().any(|range| bounds(range).is_none()) {
            return;
        }
        let fits = |range: &Value| {
            bounds(range).is_some_and(|bounds| {
                bounds.iter().all(|(name, min, max)| {
                    standard.get(name).and_then(Value::as_f64).is_none_or(|value| *min <= value && value <= *max)
                })
            })
        };
        if !ranges.iter().any(fits) {
            let text = "the standard values of the policy of the cluster fit in none of its ranges".to_owned();
            self.find(FindingKind::PolicyStandardOutside, text);
        }
    }

    fn ranges(&mut self, owner: &str, value: &Value) {
        match value.as_array().map(Vec::as_slice) {
            None => {
                let text = format!("the ranges of the policy of {owner} are {}, and no list", shortened(value));
                self.find(FindingKind::PolicyRanges, text);
            }
            Some([]) => {
                self.find(FindingKind::PolicyRanges, format!("the policy of {owner} has no range of sizes"));
            }
            Some(ranges) => ranges.iter().enumerate().for_each(|(index, range)| self.range(owner, index, range)),
        }
    }

    fn range(&mut self, owner: &str, index: usize, range: &Value) {
        for end in ENDS {
            let missing = missing_specs(range.get(end).unwrap_or(&Value::Null));
            if !missing.is_empty() {
                let missing = missing.join(", ");
                let text = format!("range {index} of the policy of {owner} has no '{end}' for {missing}");
                self.find(FindingKind::PolicyRangePart, text);
            }
        }
        for (end, specification) in range.as_object().into_iter().flatten() {
            if ENDS.contains(&end.as_str()) {
                self.specification(owner, &format!("range {index}, {end}"), specification);
            } else {
                let text = format!("range {index} of the policy of {owner} has the unknown part '{end}'");
                self.find(FindingKind::PolicySpecification, text);
            }
        }
        for (name, min, max) in bounds(range).unwrap_or_default() {
            if min > max {
                let text = format!("range {index} of the policy of {owner} is reversed for {name}: {min} to {max}");
                self.find(FindingKind::PolicyRangeReversed, text);
            }
        }
    }

    fn specification(&mut self, owner: &str, place: &str, value: &Value) {
        // No object at all lacks every part, and is found as that.
        if let Some(values) = value.as_object() {
            let place = || format!("the policy of {owner}, {place}");
            self.typed(FindingKind::PolicySpecification, place, values, &tables::INSTANCE_SPECS);
        }
    }

    fn ratio(&mut self, owner: &str, key: &str, value: &Value) {
        if !value.is_number() {
            let text = format!("'{key}' of the policy of {owner} is {}, and no number", shortened(value));
            self.find(FindingKind::PolicyRatio, text);
        }
    }

    fn templates(&mut self, owner: &str, value: &Value) {
        let Some(templates) = value.as_array() else {
            let text = format!("the disk templates of the policy of {owner} are {}, and no list", shortened(value));
            return self.find(FindingKind::PolicyTemplatesForm, text);
        };
        let mut any_enabled = false;
        for template in templates {
            let name = template.as_str().unwrap_or_default();
            if DiskTemplate::parse(name).is_none() {
                let text = format!("the policy of {owner} allows {}, which is no disk template", shortened(template));
                self.find(FindingKind::PolicyTemplateUnknown, text);
            }
            let enabled = &self.data.cluster.enabled_disk_templates;
            any_enabled |= enabled.is_empty() || enabled.iter().any(|it| it == name);
        }
        if !any_enabled {
            let text = format!("the policy of {owner} allows none of the enabled disk templates");
            self.find(FindingKind::PolicyTemplatesEmpty, text);
        }
    }
}

/// Returns the names of the specifications that are not there.
fn missing_specs(specification: &Value) -> Vec<&'static str> {
    tables::INSTANCE_SPECS.names().into_iter().filter(|name| specification.get(name).is_none()).collect()
}

/// Returns each specification with its least and greatest value, if the range has them all as numbers.
fn bounds(range: &Value) -> Option<Vec<(&'static str, f64, f64)>> {
    let number = |end: &str, name: &str| range.get(end)?.get(name)?.as_f64();
    tables::INSTANCE_SPECS
        .names()
        .into_iter()
        .map(|name| Some((name, number("min", name)?, number("max", name)?)))
        .collect()
}
