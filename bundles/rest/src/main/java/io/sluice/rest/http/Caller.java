package io.sluice.rest.http;

import io.sluice.management.Role;
import java.util.function.BooleanSupplier;

/**
 * Who calls.
 *
 * @param name as the audit log has it, such as {@code token:ci}
 * @param role what he may do
 * @param counts whether he still may, whenever it is asked
 */
record Caller(String name, Role role, BooleanSupplier counts) {}
