/**
 * The full feature phase of RFC 7143 as checks of a target, in the groups of UNH-IOL's suite for targets; docs/conformance.md
 * lists them.
 */
package io.sluice.iscsi.conformance;
