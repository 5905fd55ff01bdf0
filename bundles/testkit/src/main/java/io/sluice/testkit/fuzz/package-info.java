/** Inputs that nobody would send on purpose. */
package io.sluice.testkit.fuzz;
