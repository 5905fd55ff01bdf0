/** What tests of several bundles share; never shipped. */
package io.sluice.testkit;
