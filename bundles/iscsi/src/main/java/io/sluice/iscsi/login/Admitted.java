package io.sluice.iscsi.login;

import io.sluice.access.Caller;
import io.sluice.access.Grant;

/**
 * Who was let in, and to what.
 *
 * @param caller who he says that he is, and how he came
 * @param user the CHAP user that he has proven to be, or null
 * @param grant what he may reach
 */
public record Admitted(Caller caller, String user, Grant grant) {}
