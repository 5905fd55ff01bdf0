package io.sluice.management;

/**
 * How an initiator uses its session.
 *
 * @param session id of the session
 * @param mostCommands the largest number of commands that it has had under way at a time
 * @param transfers how many reads and writes it has sent
 * @param odd how many of these do not begin and end at a multiple of eight blocks
 * @param pings how often it has asked whether the gateway is there
 */
public record SessionHabits(int session, int mostCommands, long transfers, long odd, long pings) {}
