import { testWay } from "./way-tests.fixture.ts";

testWay("stdio");
