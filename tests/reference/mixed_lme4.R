# Fits every model of models.csv in the folder given, first by lme4's own optimiser at a tight tolerance
# ("best"), then at the ratios given ("held"), and prints: model, what, group, number.
suppressMessages(library(lme4))
folder <- commandArgs(trailingOnly = TRUE)[1]
models <- read.csv(file.path(folder, "models.csv"), stringsAsFactors = FALSE)

for (i in seq_len(nrow(models))) {
  m <- models[i, ]
  say <- function(what, group, value) cat(sprintf("%s;%s;%s;%.17g\n", m$name, what, group, value), sep = "")
  rows <- read.csv(file.path(folder, m$rows))
  rows$w <- if (m$is_weighted) rows$weight else 1
  terms <- if (m$depth == 2) "(1 | school / teacher)" else "(1 | school)"
  formula <- as.formula(paste("y ~", m$columns, "+", terms))
  fit <- function(optimizer, ...) {
    control <- lmerControl(optimizer = optimizer, optCtrl = list(rhoend = 1e-12, maxfun = 1e5),
                           calc.derivs = FALSE, check.conv.singular = "ignore")
    lmer(formula, rows, REML = m$is_reml, weights = w, control = control, ...)
  }
  # lme4 counts the weights' logarithms, which sums do not hold
  deviance_of <- function(model) -2 * as.numeric(logLik(model)) + sum(log(rows$w))
  level <- function(name) sub(":.*", "", name)

  best <- fit("bobyqa")
  say("best deviance", "", deviance_of(best))
  say("best variance", level(names(VarCorr(best))), sapply(VarCorr(best), function(v) v[1]))
  say("best variance", "residual", sigma(best)^2)
  if (m$has_profile) {
    limits <- confint(best, method = "profile", oldNames = FALSE, quiet = TRUE)
    limits <- limits[grepl("^sd|^sigma", rownames(limits)), ]
    names <- level(sub("sigma", "residual", sub("^sd.*\\|", "", rownames(limits))))
    say("low", names, limits[, 1])
    say("high", names, limits[, 2])
  }

  held <- fit(NULL, start = c(m$inner, m$outer)[seq_len(m$depth)])
  say("deviance", "", deviance_of(held))
  say("sigma2", "", sigma(held)^2)
  say("params", names(fixef(held)), fixef(held))
  say("covariance", seq_along(vcov(held)), as.vector(as.matrix(vcov(held))))
  modes <- as.data.frame(ranef(held, condVar = TRUE))
  say(paste("mode of", level(modes$grpvar)), modes$grp, modes$condval)
  say(paste("spread of", level(modes$grpvar)), modes$grp, modes$condsd)
}
