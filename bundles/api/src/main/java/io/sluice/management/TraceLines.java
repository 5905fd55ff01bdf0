package io.sluice.management;

import java.util.List;

/**
 * Some lines of a trace, in the order in which they were written.
 *
 * @param lines the lines
 * @param next number of the line after them
 * @param lost lines between the one that was asked for and the first of these, which had to go
 * @param running whether the trace goes on, so that there may be more later
 */
public record TraceLines(List<TraceLine> lines, long next, long lost, boolean running) {}
