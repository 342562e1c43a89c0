{
    use cmdlib::rpc::TestDelay;
    use testlib::sweep::{Fault, Point};
    let mut t = testlib::LuTest::with(testlib::odd::two_groups()).units(UNITS);
    t.iallocator().healthy();
    t.inject(Point::call::<TestDelay>().node("node1"), Fault::Refused);
    t.run_json(&serde_json::json!({"OP_ID":"OP_CARELESS","node_name":"node1.example.com"})).failed("node1");
}
