# Makes tests/data/sgp_reference.csv: student growth percentiles by the rule of the SGP package, with nothing
# but quantreg and splines. Rscript tests/reference/sgp_quantreg.R > tests/data/sgp_reference.csv
library(quantreg)
library(splines)

set.seed(20251)
n <- 1500
ability <- rnorm(n)
measured <- function(ability, mean, ceiling) pmin(round(mean + 40 * (ability + rnorm(n, sd = .45))), ceiling)
prior_2 <- measured(ability, 480, 600)
prior_1 <- measured(ability + rnorm(n, sd = .2), 510, 590)
score <- measured(ability + rnorm(n, sd = .2), 530, 620)

terms <- function(scores) {
  knots <- round(as.numeric(quantile(scores, c(.2, .4, .6, .8))), 3)
  boundaries <- round(range(scores) + c(-.1, .1) * diff(range(scores)), 3)
  unclass(bs(scores, knots = knots, Boundary.knots = boundaries))
}

percentiles <- function(design) {
  taus <- (1:100 - .5) / 100
  predicted <- sapply(taus, function(tau) {
    X <- cbind(1, design)
    X %*% rq.fit.br(X, score, tau = tau)$coefficients
  })
  predicted <- round(t(apply(predicted, 1, sort)), 5)
  pmin(pmax(rowSums(predicted < score), 1), 99)
}

found <- data.frame(
  prior_2, prior_1, score,
  sgp_1 = percentiles(terms(prior_1)),
  sgp_2 = percentiles(cbind(terms(prior_1), terms(prior_2)))
)
write.csv(found, stdout(), row.names = FALSE, quote = FALSE)
