/**
 * Tells whether a disk has lost what it had to keep: every block carries a stamp, a model knows which stamps each block may
 * carry after the target has died, and sessions that record what they do fill the model. It knows nothing of the target, so
 * any iSCSI target can be tried.
 */
package io.sluice.testkit.durability;
