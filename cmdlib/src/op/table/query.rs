//! Opcodes that tell about several kinds of objects.

use serde_json::Value;

use crate::op::macros::opcodes;
use crate::op::{NonEmpty, QueryFieldsResponse, QueryResource, QueryResponse};

opcodes! {
    /// Answers a query for resources.
    Query = "OP_QUERY" (
        what: QueryResource,
        fields: Vec<NonEmpty>,
    ) {
        use_locking: bool = false,
        qfilter: Option<Vec<Value>> = None,
    } -> QueryResponse;

    /// Tells which fields a resource has.
    QueryFields = "OP_QUERY_FIELDS" (
        what: QueryResource,
    ) {
        fields: Option<Vec<NonEmpty>> = None,
    } -> QueryFieldsResponse;

    /// Tells which operating systems nodes have, and what is wrong with them.
    OsDiagnose = "OP_OS_DIAGNOSE" (
        /// The fields to return, in this order.
        output_fields: Vec<NonEmpty>,
    ) {
        /// The systems to tell about, in this order; none means all.
        names: Vec<NonEmpty> = Vec::new(),
    } -> Vec<Vec<Value>>;

    /// Tells which storage providers nodes have, and what is wrong with them.
    ExtStorageDiagnose = "OP_EXT_STORAGE_DIAGNOSE" (
        output_fields: Vec<NonEmpty>,
    ) {
        names: Vec<NonEmpty> = Vec::new(),
    } -> Vec<Vec<Value>>;
}
