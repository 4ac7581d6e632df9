/** Everything that holds for lines and frames, over standard input and output. */
import { testWay } from "./way-tests.fixture.ts";

testWay("stdio");
