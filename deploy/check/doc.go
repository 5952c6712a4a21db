// Package check holds the files for operators against what will read them: the
// published types of Kubernetes and the loader of Compose. It is a module of its
// own, so that the program's stays small.
package check
