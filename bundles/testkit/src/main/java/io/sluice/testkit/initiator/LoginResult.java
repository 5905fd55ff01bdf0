package io.sluice.testkit.initiator;

import java.util.Map;

/**
 * How a login ended.
 *
 * @param status status class and detail, such as 0x0203; 0 is success
 * @param tsih handle of the session
 * @param keys what the target answered
 */
public record LoginResult(int status, int tsih, Map<String, String> keys) {}
