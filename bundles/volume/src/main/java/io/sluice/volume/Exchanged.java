package io.sluice.volume;

import io.sluice.backstore.Backstore;
import java.util.concurrent.CompletionStage;

/**
 * What has become of an exchange of stores.
 *
 * @param done completes when operations go to the other store; fails if they go on with the old one
 * @param left completes with the old store when nothing of it is in use any more, which may be long after; only after success.
 *     It is the caller's then
 */
public record Exchanged(CompletionStage<Void> done, CompletionStage<Backstore> left) {}
