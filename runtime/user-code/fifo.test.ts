/** Everything that holds for lines and frames, over named pipes. */
import { testWay } from "./way-tests.fixture.ts";

testWay("fifo");
