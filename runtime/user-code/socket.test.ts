/** Everything that holds for lines and frames, over a Unix socket. */
import { testWay } from "./way-tests.fixture.ts";

testWay("socket");
