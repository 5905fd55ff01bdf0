/** An iSCSI initiator for tests: it sends any bytes, knows nothing of the target's classes and never waits for ever. */
package io.sluice.testkit.initiator;
