import { testWay } from "./way-tests.fixture.ts";

testWay("fifo");
