/** A gateway inside of a Java program, without OSGi. */
package io.sluice.embedded;
